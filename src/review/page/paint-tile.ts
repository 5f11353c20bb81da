/** Paints one tile: at most 256 grey cells, the category below, and its marks. */
import type { SeenTile } from './api.ts'

/** Cells of one side; the server sends no more. */
const CELLS = 16

export interface PaintedTile {
  /** Undefined while the tile is loading. */
  readonly tile: SeenTile | undefined
  readonly left: number
  readonly top: number
  /** Text size in CSS pixels: all other sizes follow from it. */
  readonly unit: number
  readonly label: string
  readonly noPreview: string
  readonly colours: Colours
  readonly isFocused: boolean
  readonly isSelected: boolean
}

export function paintTile(pen: CanvasRenderingContext2D, painted: PaintedTile): void {
  const { tile, unit, colours, isFocused, isSelected } = painted
  const [x, y, side] = [painted.left + unit * 0.5, painted.top + unit * 0.5, unit * 6]
  pen.strokeStyle = colours.line
  pen.lineWidth = 1
  pen.strokeRect(x, y, side, side)
  pen.textBaseline = 'top'
  if (tile) {
    if (tile.w > 0) paintCells(pen, tile, x, y, side)
    else
      paintText(pen, painted.noPreview, {
        x: x + unit * 0.3,
        y: y + unit * 2.6,
        size: unit * 0.75,
        as: colours.dim,
      })
    paintLabel(pen, painted, tile, { x, y, side })
    paintMarks(pen, tile, { x, y, unit })
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
    pen.strokeRect(x - 4, y - 4, side + 8, side + unit * 1.3 + 8)
  }
}

function paintText(
  pen: CanvasRenderingContext2D,
  text: string,
  { x, y, size, as }: { readonly x: number; readonly y: number; readonly size: number; readonly as: string },
): void {
  pen.font = `${size}px system-ui, sans-serif`
  pen.fillStyle = as
  pen.fillText(text, x, y)
}

function paintLabel(
  pen: CanvasRenderingContext2D,
  { unit, label, colours }: PaintedTile,
  { mine, outcome }: SeenTile,
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): void {
  const size = unit * 0.85
  const below = y + side + unit * 0.2
  const differs = outcome === 'differing'
  pen.font = `${size}px system-ui, sans-serif`
  const text = fitted(pen, label, side - (differs ? unit : 0))
  paintText(pen, text, { x, y: below, size, as: mine === null ? colours.dim : colours.text })
  if (differs) paintText(pen, '≠', { x: x + side - unit * 0.8, y: below, size, as: colours.warn })
}

/** Marks: priority, number of near copies, number of places, video. */
function paintMarks(
  pen: CanvasRenderingContext2D,
  { priority, stack, places, kind }: SeenTile,
  { x, y, unit }: { readonly x: number; readonly y: number; readonly unit: number },
): void {
  const marks = [
    ...(priority === null ? [] : [String(priority)]),
    ...(stack > 1 ? [`≈${stack}`] : []),
    ...(places > 1 ? [`×${places}`] : []),
    ...(kind === 'video' ? ['▶'] : []),
  ]
  if (marks.length === 0) return
  const text = marks.join(' ')
  pen.font = `${unit * 0.85}px system-ui, sans-serif`
  const width = pen.measureText(text).width + unit * 0.5
  pen.fillStyle = 'rgb(0 0 0 / .75)'
  pen.fillRect(x, y, width, unit * 1.15)
  pen.fillStyle = '#fff'
  pen.fillText(text, x + unit * 0.25, y + unit * 0.12)
}

const cut = new Map<string, string>()
const MOST_CUT = 1000

/**
 * Text shortened to a width, with an ellipsis where it was cut. Few labels occur on many tiles, and measuring is slow.
 */
function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  const key = `${pen.font} ${width} ${text}`
  const known = cut.get(key)
  if (known !== undefined) return known
  let length = text.length
  const shortened = () => (length === text.length ? text : `${text.slice(0, length).trimEnd()}…`)
  while (length > 1 && pen.measureText(shortened()).width > width) length--
  if (cut.size >= MOST_CUT) cut.clear()
  cut.set(key, shortened())
  return shortened()
}

function paintCells(
  pen: CanvasRenderingContext2D,
  tile: SeenTile,
  left: number,
  top: number,
  side: number,
): void {
  const { w, h } = tile
  if (w > CELLS || h > CELLS) return
  const cell = side / Math.max(w, h)
  pen.imageSmoothingEnabled = false
  pen.drawImage(smallOf(tile), left + (side - w * cell) / 2, top + (side - h * cell) / 2, w * cell, h * cell)
}

const smalls = new WeakMap<SeenTile, OffscreenCanvas>()

/**
 * One pixel for each cell, made once for each tile: a screen has ten thousand cells and is painted sixty times a
 * second.
 */
function smallOf(tile: SeenTile): OffscreenCanvas {
  const known = smalls.get(tile)
  if (known) return known
  const { w, h, cells } = tile
  const small = new OffscreenCanvas(w, h)
  const pen = small.getContext('2d', { alpha: false })
  const image = new ImageData(w, h)
  for (let i = 0; i < w * h; i++) {
    image.data.fill(cells[i]!, i * 4, i * 4 + 3)
    image.data[i * 4 + 3] = 255
  }
  pen?.putImageData(image, 0, 0)
  smalls.set(tile, small)
  return small
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
