/** The texts of a tile: its name below, over two lines where one is too short, and what was decided over its lower edge. */
import type { Tile } from '../said.ts'

/** As in page.css: the program brings the letters of Bengali along, which many systems have not. */
export const FONTS = 'system-ui, "Noto Sans Bengali", sans-serif'

/** What a tile says. */
export interface TileTexts {
  /** Text size in CSS pixels. */
  readonly unit: number
  /** What was decided, or empty. */
  readonly label: string
  readonly colours: { readonly text: string; readonly dim: string }
}

interface Square {
  readonly x: number
  readonly y: number
  readonly side: number
}

/** Height of a name below its tile, in units. */
export const NAME_UNITS = 2.05
const NAME_SIZE = 0.78
const BAND_SIZE = 0.85

export function paintText(
  pen: CanvasRenderingContext2D,
  text: string,
  { x, y, size, as }: { readonly x: number; readonly y: number; readonly size: number; readonly as: string },
): void {
  pen.font = `${size}px ${FONTS}`
  pen.fillStyle = as
  pen.fillText(text, x, y)
}

/** The name of the first place. Its end stays when it is cut: the ending says what a file claims to be. */
export function paintName(
  pen: CanvasRenderingContext2D,
  { unit, colours }: TileTexts,
  { name, mine }: Tile,
  { x, y, side }: Square,
): void {
  const size = unit * NAME_SIZE
  pen.font = `${size}px ${FONTS}`
  const as = mine === null ? colours.text : colours.dim
  for (const [i, line] of linesOf(pen, name, side).entries())
    paintText(pen, line, { x, y: y + side + unit * (0.2 + i * NAME_SIZE * 1.2), size, as })
}

/** What was decided, on a band over the lower edge of the tile. */
export function paintBand(
  pen: CanvasRenderingContext2D,
  { unit, label }: TileTexts,
  { outcome }: Tile,
  { x, y, side }: Square,
): void {
  const text = outcome === 'differing' ? `≠ ${label}` : label
  if (text === '') return
  const height = unit * 1.2
  pen.font = `${unit * BAND_SIZE}px ${FONTS}`
  const shown = fitted(pen, text, side - unit * 0.5)
  pen.fillStyle = 'rgb(0 0 0 / .8)'
  pen.fillRect(x, y + side - height, side, height)
  const at = { x: x + unit * 0.25, y: y + side - height + unit * 0.15, size: unit * BAND_SIZE }
  paintText(pen, shown, { ...at, as: '#fff' })
}

const cut = new Map<string, string>()
const split = new Map<string, readonly string[]>()
const MOST_CUT = 2000

/** Text shortened to a width, with an ellipsis where it was cut. Few labels occur on many tiles, and measuring is slow. */
export function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  return kept(cut, `${pen.font} ${width} ${text}`, () => {
    const letters = [...text]
    const length = fitting(pen, letters, width, (head) =>
      head === letters.length ? text : `${letters.slice(0, head).join('').trimEnd()}…`,
    )
    return length === letters.length ? text : `${letters.slice(0, length).join('').trimEnd()}…`
  })
}

/** A name over at most two lines: cut in its middle where it is longer. */
function linesOf(pen: CanvasRenderingContext2D, name: string, width: number): readonly string[] {
  return kept(split, `${pen.font} ${width} ${name}`, () => {
    const letters = [...name]
    const first = fitting(pen, letters, width, (length) => letters.slice(0, length).join(''))
    if (first === letters.length) return [name]
    const at = breakIn(letters, first)
    const rest = letters.slice(at)
    const head = letters.slice(0, at).join('')
    const backwards = rest.toReversed()
    const last = (length: number) =>
      `${length === rest.length ? '' : '…'}${backwards.slice(0, length).toReversed().join('')}`
    return [head, last(fitting(pen, rest, width, last))]
  })
}

/** Behind the last separator of a line, or before the ending, where that leaves most of the line. */
function breakIn(letters: readonly string[], most: number): number {
  for (let at = most; at > most * 0.6; at--)
    if (letters[at] === '.' || ' _-('.includes(letters[at - 1]!)) return at
  return most
}

/** The largest number of letters whose text is not wider, at least one. */
function fitting(
  pen: CanvasRenderingContext2D,
  letters: readonly string[],
  width: number,
  textOf: (length: number) => string,
): number {
  if (pen.measureText(textOf(letters.length)).width <= width) return letters.length
  let [fits, over] = [1, letters.length]
  while (over - fits > 1) {
    const middle = (fits + over) >> 1
    if (pen.measureText(textOf(middle)).width <= width) fits = middle
    else over = middle
  }
  return fits
}

function kept<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= MOST_CUT) known.clear()
  const made = make()
  known.set(key, made)
  return made
}
