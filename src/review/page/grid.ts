/**
 * Tiles on one fixed canvas, while a pad scrolls under it. Browsers limit the height of a
 * box (33,554,428 px in Chromium, about 17.9 million in Firefox), so beyond 15 million px the scroll position is
 * scaled to the row.
 */
import type { Tile } from '../said.ts'
import { coloursNow, type PaintedTile, paintTile } from './paint-tile.ts'
import type { Screen } from './screen.ts'
import type { TileCache } from './tile-cache.ts'

const MOST_PAD = 15_000_000

/** Side of a tile, in units of the text size. */
export const SIZES = [6, 8, 10, 13, 17] as const

export interface GridState {
  readonly view: number
  readonly count: number
  readonly cache: TileCache | null
  readonly focus: number
  readonly selected: ReadonlySet<number>
  /** Text of a category on a tile. */
  readonly label: (tile: Tile) => string
  readonly screen: Screen
  /** What was decided elsewhere, in short. */
  readonly badge: (tile: Tile) => string
}

export class Grid {
  readonly #box: HTMLElement
  readonly #canvas: HTMLCanvasElement
  readonly #pad: HTMLElement
  readonly #state: () => GridState
  #drawing = false
  /** Size unit of a tile, in CSS pixels: it follows the text size, so that larger text gives larger tiles. */
  #unit = 16
  #side: number = SIZES[0]

  constructor(box: HTMLElement, canvas: HTMLCanvasElement, pad: HTMLElement, state: () => GridState) {
    this.#box = box
    this.#canvas = canvas
    this.#pad = pad
    this.#state = state
    box.addEventListener('scroll', () => this.draw())
    new ResizeObserver(() => {
      this.layout()
      // For example when details open next to the grid.
      this.reveal(this.#state().focus)
    }).observe(box)
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.draw())
    // A name was painted in boxes until its letters came.
    document.fonts.addEventListener('loadingdone', () => this.draw())
  }

  get columns(): number {
    return Math.max(1, Math.floor(this.#box.clientWidth / this.#width))
  }

  /** Number of rows that are completely visible. */
  get rows(): number {
    return Math.max(1, Math.floor(this.#box.clientHeight / this.#height))
  }

  get #width(): number {
    return this.#unit * (this.#side + 1)
  }

  get #height(): number {
    return this.#unit * (this.#side + 3)
  }

  get #allRows(): number {
    return Math.ceil(this.#state().count / this.columns)
  }

  /** @param size number of {@link SIZES} */
  resize(size: number): void {
    this.#side = SIZES[size] ?? SIZES[0]
    this.layout()
  }

  layout(): void {
    this.#unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
    const view = this.#box.clientHeight
    const height = Math.min(MOST_PAD, this.#allRows * this.#height)
    // The canvas takes its own height from the scrolling height.
    this.#pad.style.height = `${Math.max(0, height - view)}px`
    const ratio = devicePixelRatio || 1
    this.#canvas.width = Math.round(this.#box.clientWidth * ratio)
    this.#canvas.height = Math.round(view * ratio)
    this.draw()
  }

  /** Scrolls a position into view. */
  reveal(position: number): void {
    const row = Math.floor(position / this.columns)
    const top = this.#topRow()
    const seen = this.#box.clientHeight / this.#height
    if (row < top) this.#scrollTo(row)
    else if (row + 1 > top + seen) this.#scrollTo(row + 1 - seen)
    this.draw()
  }

  /** Whether a position lies in the lower half of the view. */
  isLow(position: number): boolean {
    const row = Math.floor(position / this.columns) - this.#topRow()
    return (row + 0.5) * this.#height > this.#box.clientHeight / 2
  }

  /** @returns the position under a point of the page; null when there is none */
  at(x: number, y: number): number | null {
    const box = this.#box.getBoundingClientRect()
    const column = Math.floor((x - box.left) / this.#width)
    const row = Math.floor((y - box.top) / this.#height + this.#topRow())
    const position = row * this.columns + column
    return column < 0 || column >= this.columns || position < 0 || position >= this.#state().count
      ? null
      : position
  }

  draw(): void {
    if (this.#drawing) return
    this.#drawing = true
    requestAnimationFrame(() => {
      this.#drawing = false
      this.#paint()
    })
  }

  /** First visible row; a part of it may be above the view. */
  #topRow(): number {
    const { scrollTop, scrollHeight, clientHeight } = this.#box
    const most = this.#allRows - clientHeight / this.#height
    const way = scrollHeight - clientHeight
    if (most <= 0 || way <= 0) return 0
    return this.#allRows * this.#height <= MOST_PAD ? scrollTop / this.#height : (scrollTop / way) * most
  }

  #scrollTo(row: number): void {
    const { scrollHeight, clientHeight } = this.#box
    const most = this.#allRows - clientHeight / this.#height
    const capped = this.#allRows * this.#height > MOST_PAD
    // Until the tiles that come into sight are painted.
    this.#box.setAttribute('aria-busy', 'true')
    this.#box.scrollTop = capped ? (row / most) * (scrollHeight - clientHeight) : row * this.#height
  }

  #paint(): void {
    const pen = this.#canvas.getContext('2d', { alpha: false })
    if (!pen) return
    const ratio = devicePixelRatio || 1
    pen.setTransform(ratio, 0, 0, ratio, 0, 0)
    pen.fillStyle = getComputedStyle(document.body).backgroundColor
    pen.fillRect(0, 0, this.#box.clientWidth, this.#box.clientHeight)
    const top = this.#topRow()
    const first = Math.floor(top)
    const rows = Math.ceil(this.#box.clientHeight / this.#height) + 1
    const { count, view, cache, screen } = this.#state()
    const from = Math.min(count, first * this.columns)
    const inSight = Math.min(count, (first + rows) * this.columns) - from
    if (cache) screen.inSight({ view, from, count: inSight, tileAt: (at) => cache.at(at) })
    const colours = coloursNow()
    let isWaiting = false
    for (let row = first; row < first + rows; row++)
      for (let column = 0; column < this.columns; column++) {
        const position = row * this.columns + column
        if (position < count) {
          const tile = this.#tileAt(position)
          isWaiting ||= tile.seen === null
          paintTile(pen, {
            ...tile,
            left: column * this.#width,
            top: (row - top) * this.#height,
            unit: this.#unit,
            units: this.#side,
            colours,
          })
        }
      }
    this.#box.setAttribute('aria-busy', String(isWaiting))
  }

  #tileAt(
    position: number,
  ): Pick<PaintedTile, 'tile' | 'seen' | 'isFocused' | 'isSelected' | 'label' | 'badge'> {
    const { cache, focus, selected, label, badge, screen } = this.#state()
    const tile = cache?.at(position)
    return {
      tile,
      seen: tile ? screen.pictureOf(tile) : null,
      isFocused: position === focus,
      isSelected: selected.has(position),
      label: tile ? label(tile) : '',
      badge: tile ? badge(tile) : '',
    }
  }
}
