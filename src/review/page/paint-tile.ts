/** Paints one tile: its picture or the reason why there is none, its marks, its category over the lower edge, its name below. */
import type { Tile } from '../said.ts'
import { FONTS, fitted, NAME_UNITS, paintBand, paintName, paintText } from './paint-label.ts'
import type { TilePicture } from './tile-picture.ts'
import { say } from './words.ts'

export interface PaintedTile {
  /** Undefined while the tile is loading. */
  readonly tile: Tile | undefined
  /** Null while its pixels are not here. */
  readonly seen: TilePicture | null
  readonly left: number
  readonly top: number
  /** Text size in CSS pixels: all other sizes follow from it. */
  readonly unit: number
  /** Side of the picture, in units. */
  readonly units: number
  /** What was decided, or empty. */
  readonly label: string
  /** What was decided elsewhere, in short; empty: nothing. */
  readonly badge: string
  readonly colours: Colours
  readonly isFocused: boolean
  readonly isSelected: boolean
}

export function paintTile(pen: CanvasRenderingContext2D, painted: PaintedTile): void {
  const { tile, seen, unit, units, colours, isFocused, isSelected } = painted
  const [x, y, side] = [painted.left + unit * 0.5, painted.top + unit * 0.5, unit * units]
  pen.strokeStyle = colours.line
  pen.lineWidth = 1
  pen.strokeRect(x, y, side, side)
  pen.textBaseline = 'top'
  if (tile) {
    if (seen?.canvas) paintPicture(pen, seen, seen.canvas, { x, y, side })
    else if (seen)
      paintLines(pen, say(withoutWord(seen.without, tile)), {
        x,
        y,
        side,
        size: unit * 0.75,
        as: colours.dim,
      })
    paintBand(pen, painted, tile, { x, y, side })
    paintName(pen, painted, tile, { x, y, side })
    paintMarks(pen, tile, { x, y, unit })
    paintBadge(pen, painted.badge, { x: x + side, y, unit })
  }
  if (isSelected) {
    pen.strokeStyle = colours.text
    pen.lineWidth = 2
    pen.setLineDash([4, 3])
    pen.strokeRect(x - 2, y - 2, side + 4, side + 4)
    pen.setLineDash([])
  }
  if (isFocused) {
    pen.strokeStyle = colours.mark
    pen.lineWidth = 3
    pen.strokeRect(x - 4, y - 4, side + 8, side + unit * NAME_UNITS + 8)
  }
}

/** In the upper right corner. @param x right edge */
function paintBadge(
  pen: CanvasRenderingContext2D,
  badge: string,
  { x, y, unit }: { readonly x: number; readonly y: number; readonly unit: number },
): void {
  if (badge === '') return
  pen.font = `${unit * 0.85}px ${FONTS}`
  const width = pen.measureText(badge).width + unit * 0.5
  pen.fillStyle = '#0b57a4'
  pen.fillRect(x - width, y, width, unit * 1.15)
  pen.fillStyle = '#fff'
  pen.fillText(badge, x - width + unit * 0.25, y + unit * 0.12)
}

/** Marks: priority, number of near copies, number of places, video. */
function paintMarks(
  pen: CanvasRenderingContext2D,
  { priority, stack, places, kind, tags }: Tile,
  { x, y, unit }: { readonly x: number; readonly y: number; readonly unit: number },
): void {
  const marks = [
    ...(priority === null ? [] : [String(priority)]),
    ...(stack > 1 ? [`≈${stack}`] : []),
    ...(places > 1 ? [`×${places}`] : []),
    ...(kind === 'video' ? ['▶'] : []),
    ...(tags.length > 0 ? ['#'] : []),
  ]
  if (marks.length === 0) return
  const text = marks.join(' ')
  pen.font = `${unit * 0.85}px ${FONTS}`
  const width = pen.measureText(text).width + unit * 0.5
  pen.fillStyle = 'rgb(0 0 0 / .75)'
  pen.fillRect(x, y, width, unit * 1.15)
  pen.fillStyle = '#fff'
  pen.fillText(text, x + unit * 0.25, y + unit * 0.12)
}

function paintPicture(
  pen: CanvasRenderingContext2D,
  { level }: TilePicture,
  canvas: OffscreenCanvas,
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): void {
  const scale = side / Math.max(canvas.width, canvas.height)
  const [w, h] = [canvas.width * scale, canvas.height * scale]
  pen.imageSmoothingEnabled = level !== 'cells'
  pen.drawImage(canvas, x + (side - w) / 2, y + (side - h) / 2, w, h)
}

/** Word of the reason why a tile has no picture. */
function withoutWord(code: string, { listed }: Tile): string {
  if (code === 'none') return listed ? 'no-eyes' : 'no-preview'
  return code === 'differs' || code === 'cannot-read' ? `without-${code}` : 'without-decoded'
}

/** Text over several lines within a square, in its middle. */
function paintLines(
  pen: CanvasRenderingContext2D,
  text: string,
  box: {
    readonly x: number
    readonly y: number
    readonly side: number
    readonly size: number
    readonly as: string
  },
): void {
  const { x, y, side, size, as } = box
  pen.font = `${size}px ${FONTS}`
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    const joined = line === undefined ? word : `${line} ${word}`
    if (line !== undefined && pen.measureText(joined).width <= side - size) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  const top = y + (side - lines.length * size * 1.25) / 2
  for (const [i, line] of lines.entries()) {
    const shown = fitted(pen, line, side - size * 0.6)
    const left = x + (side - pen.measureText(shown).width) / 2
    paintText(pen, shown, { x: left, y: top + i * size * 1.25, size, as })
  }
}

const COLOURS = ['text', 'dim', 'line', 'mark', 'warn'] as const
type Colour = (typeof COLOURS)[number]
export type Colours = Readonly<Record<Colour, string>>

const probes = new Map<Colour, HTMLElement>()

/**
 * Current colours of the custom properties, because canvas does not support `light-dark()`. Read once for each frame.
 */
export function coloursNow(): Colours {
  return Object.fromEntries(COLOURS.map((name) => [name, getComputedStyle(probeOf(name)).color])) as Colours
}

function probeOf(name: Colour): HTMLElement {
  const known = probes.get(name)
  if (known?.isConnected) return known
  const probe = document.createElement('span')
  probe.className = `probe probe-${name}`
  probe.hidden = true
  document.body.append(probe)
  probes.set(name, probe)
  return probe
}
