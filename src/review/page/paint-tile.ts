/** One tile: at most 256 grey cells, the category below, and what marks it. */
import type { SeenTile } from './api.ts'

/** Of a side; the server sends no more. */
const CELLS = 16

export interface PaintedTile {
  /** Undefined: not here yet. */
  readonly tile: SeenTile | undefined
  readonly left: number
  readonly top: number
  /** Size of text, in CSS pixels: everything else follows from it. */
  readonly unit: number
  readonly label: string
  readonly noPreview: string
  readonly isFocused: boolean
  readonly isSelected: boolean
}

export function paintTile(pen: CanvasRenderingContext2D, painted: PaintedTile): void {
  const { tile, unit, isFocused, isSelected } = painted
  const [x, y, side] = [painted.left + unit * 0.5, painted.top + unit * 0.5, unit * 6]
  pen.strokeStyle = colour('line')
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
        as: 'dim',
      })
    paintLabel(pen, painted, tile, { x, y, side })
    paintMarks(pen, tile, { x, y, unit })
  }
  if (isSelected) {
    pen.strokeStyle = colour('text')
    pen.lineWidth = 2
    pen.setLineDash([4, 3])
    pen.strokeRect(x - 2, y - 2, side + 4, side + 4)
    pen.setLineDash([])
  }
  if (isFocused) {
    pen.strokeStyle = colour('mark')
    pen.lineWidth = 3
    pen.strokeRect(x - 4, y - 4, side + 8, side + unit * 1.3 + 8)
  }
}

type Colour = 'text' | 'dim' | 'line' | 'mark' | 'warn'

function paintText(
  pen: CanvasRenderingContext2D,
  text: string,
  { x, y, size, as }: { readonly x: number; readonly y: number; readonly size: number; readonly as: Colour },
): void {
  pen.font = `${size}px system-ui, sans-serif`
  pen.fillStyle = colour(as)
  pen.fillText(text, x, y)
}

function paintLabel(
  pen: CanvasRenderingContext2D,
  { unit, label }: PaintedTile,
  { mine, outcome }: SeenTile,
  { x, y, side }: { readonly x: number; readonly y: number; readonly side: number },
): void {
  const size = unit * 0.85
  const below = y + side + unit * 0.2
  const differs = outcome === 'differing'
  pen.font = `${size}px system-ui, sans-serif`
  const text = fitted(pen, label, side - (differs ? unit : 0))
  paintText(pen, text, { x, y: below, size, as: mine === null ? 'dim' : 'text' })
  if (differs) paintText(pen, '≠', { x: x + side - unit * 0.8, y: below, size, as: 'warn' })
}

/** Priority, number of near copies, video. */
function paintMarks(
  pen: CanvasRenderingContext2D,
  { priority, stack, kind }: SeenTile,
  { x, y, unit }: { readonly x: number; readonly y: number; readonly unit: number },
): void {
  const marks = [
    ...(priority === null ? [] : [String(priority)]),
    ...(stack > 1 ? [`≈${stack}`] : []),
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

/** Cut to a width, with an ellipsis where it was. */
function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text
  let length = text.length
  while (length > 1 && pen.measureText(`${text.slice(0, length)}…`).width > width) length--
  return `${text.slice(0, length).trimEnd()}…`
}

function paintCells(
  pen: CanvasRenderingContext2D,
  tile: SeenTile,
  left: number,
  top: number,
  side: number,
): void {
  const { w, h, cells } = tile
  if (w > CELLS || h > CELLS) return
  const cell = side / Math.max(w, h)
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const grey = cells[y * w + x]!
      pen.fillStyle = `rgb(${grey} ${grey} ${grey})`
      pen.fillRect(left + x * cell, top + y * cell, cell + 0.5, cell + 0.5)
    }
}

const probes = new Map<string, HTMLElement>()

/** A custom property as the colour that it is now: canvas knows no `light-dark()`. */
function colour(name: Colour): string {
  let probe = probes.get(name)
  if (!probe) {
    probe = document.createElement('span')
    probe.className = `probe probe-${name}`
    probe.hidden = true
    document.body.append(probe)
    probes.set(name, probe)
  }
  return getComputedStyle(probe).color
}
