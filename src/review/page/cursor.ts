/** The cursor on a view and the selection: their position, their movement, and the contents they refer to. */
import type { Target, Tile, ViewMade } from '../said.ts'
import type { Act } from '../said-keys.ts'
import { ask } from './api.ts'
import { byId } from './elements.ts'
import type { Elsewhere } from './elsewhere.ts'
import { Grid } from './grid.ts'
import type { Screen } from './screen.ts'
import { TileCache } from './tile-cache.ts'
import { say } from './words.ts'

export interface CursorParts {
  readonly screen: Screen
  readonly label: (tile: Tile) => string
  readonly elsewhere: Elsewhere
  readonly spoken: (tile: Tile, at: number, of: number) => string
  readonly failed: (error: unknown) => void
  /** Called when the cursor stays on a tile. */
  readonly rested: (tile: Tile, isLow: boolean) => void
  readonly said: (text: string) => void
}

export class Cursor {
  readonly #parts: CursorParts
  readonly #grid: Grid
  readonly #selected = new Set<number>()
  #view: ViewMade = { view: 0, tiles: 0 }
  #cache: TileCache | null = null
  #focus = 0
  #anchor = 0
  #isPastLast = false

  constructor(parts: CursorParts) {
    this.#parts = parts
    this.#grid = new Grid(byId('scroll'), byId<HTMLCanvasElement>('grid'), byId('pad'), () => ({
      count: this.#view.tiles,
      view: this.#view.view,
      cache: this.#cache,
      focus: this.#focus,
      selected: this.#selected,
      label: parts.label,
      badge: (tile) => parts.elsewhere.badgeOf(tile),
      screen: parts.screen,
    }))
    parts.screen.changed = () => this.#grid.draw()
    parts.elsewhere.changed = () => this.#grid.draw()
  }

  /** @param size number of the size, from 0 */
  resize(size: number): void {
    this.#grid.resize(size)
    this.#grid.reveal(this.#focus)
  }

  /** The tile under a point of the page. */
  async tileAt(x: number, y: number): Promise<Tile | undefined> {
    const position = this.#grid.at(x, y)
    return position === null ? undefined : this.#cache?.wait(position)
  }

  /** True when the last content was decided on and the cursor has not moved since. */
  get isPastLast(): boolean {
    return this.#isPastLast && !this.hasSelection
  }

  get hasSelection(): boolean {
    return this.#selected.size > 0
  }

  async show(view: ViewMade): Promise<void> {
    this.#view = view
    this.#parts.screen.clear()
    this.#cache = new TileCache(view.view, () => this.#grid.draw(), this.#parts.failed)
    this.#selected.clear()
    this.#focus = this.#anchor = 0
    byId('scroll').scrollTop = 0
    this.#grid.layout()
    await this.move(0)
  }

  /** Undefined when there is no tile under the cursor. */
  async tile(): Promise<Tile | undefined> {
    return this.#view.tiles === 0 ? undefined : this.#cache?.wait(this.#focus)
  }

  /** Distance of a movement act; null for any other act. */
  wayOf(act: Act): number | null {
    const { columns, rows } = this.#grid
    const ways: Partial<Record<Act, number>> = {
      left: -1,
      right: 1,
      up: -columns,
      down: columns,
      'page-up': -columns * rows,
      'page-down': columns * rows,
      first: -this.#focus,
      last: this.#view.tiles - 1 - this.#focus,
    }
    return ways[act] ?? null
  }

  async move(by: number, selecting = false): Promise<void> {
    const { tiles } = this.#view
    this.#isPastLast = false
    if (tiles === 0) {
      byId('focused').textContent = say('nothing')
      return
    }
    this.#focus = Math.max(0, Math.min(tiles - 1, this.#focus + by))
    if (!selecting) this.#anchor = this.#focus
    else {
      this.#selected.clear()
      const [from, to] = [Math.min(this.#anchor, this.#focus), Math.max(this.#anchor, this.#focus)]
      for (let at = from; at <= to; at++) this.#selected.add(at)
    }
    const at = this.#focus
    this.#grid.reveal(at)
    const cache = this.#cache
    const tile = await cache?.wait(at)
    // The cursor has moved on, or another view is shown, meanwhile.
    if (!tile || at !== this.#focus || cache !== this.#cache) return
    byId('focused').textContent = this.#parts.spoken(tile, at, tiles)
    this.#parts.rested(tile, this.#grid.isLow(at))
  }

  click({ clientX, clientY, shiftKey, ctrlKey, metaKey }: MouseEvent): void {
    const position = this.#grid.at(clientX, clientY)
    if (position === null) return
    if (ctrlKey || metaKey) this.toggle(position)
    else void this.move(position - this.#focus, shiftKey)
  }

  toggle(position = this.#focus): void {
    if (!this.#selected.delete(position)) this.#selected.add(position)
    this.#saySelected()
  }

  selectAll(): void {
    const all = this.#selected.size === this.#view.tiles
    this.#selected.clear()
    if (!all) for (let at = 0; at < this.#view.tiles; at++) this.#selected.add(at)
    this.#saySelected()
  }

  selectNone(): void {
    this.#selected.clear()
    this.#grid.draw()
  }

  /**
   * Called after a decision: tiles are fetched again. @param goOn move to the next tile, unless there was a selection
   */
  async decided(goOn: boolean): Promise<void> {
    const many = this.hasSelection
    this.#parts.elsewhere.forget()
    this.#selected.clear()
    this.#cache?.refresh()
    const isLast = goOn && !many && this.#focus === this.#view.tiles - 1
    await this.move(goOn && !many ? 1 : 0)
    this.#isPastLast = isLast
  }

  /**
   * Target of a decision: the stack under the cursor, the selection, or the content under the cursor. Null when there
   * is none.
   */
  async target(stack: boolean): Promise<Target | null> {
    const tile = await this.tile()
    if (!tile) return null
    if (stack) {
      const { count } = await ask<{ count: number }>('stack', { sha256: tile.sha256 })
      return { stackOf: tile.sha256, count }
    }
    const { view, tiles } = this.#view
    if (this.#selected.size > 0 && this.#selected.size === tiles)
      return { view, count: (await ask<{ count: number }>('count', { view })).count }
    if (this.#selected.size === 0) return { contents: [tile.sha256], count: 1 }
    const chosen = await Promise.all([...this.#selected].map((at) => this.#cache!.wait(at)))
    const contents = chosen.flatMap((one) => (one ? [one.sha256] : []))
    return { contents, count: contents.length }
  }

  #saySelected(): void {
    this.#parts.said(say('selected', { n: this.#selected.size }))
    this.#grid.draw()
  }
}
