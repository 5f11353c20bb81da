/** The cursor on a view and the selection: their position, their movement, and the contents they refer to. */
import type { Target, Tile, ViewMade } from '../said.ts'
import type { Act } from '../said-keys.ts'
import type { Aim } from './aim.ts'
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
  /** Called when a view has no tile. */
  readonly emptied: () => void
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
  /** Moves by hand: an answer to an earlier key does not move the cursor. */
  #moves = 0
  /** Keys after which the cursor did not go on. */
  #stays = 0
  /** Keys under way since the last move by hand, after which the cursor goes on. */
  #ahead = 0

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

  /** Undefined when there is no tile under the cursor, and when the cursor went elsewhere before its facts came. */
  async tile(): Promise<Tile | undefined> {
    const [view, cache, at] = [this.#view, this.#cache, this.#focus]
    const tile = await this.tileOf({ view, cache, at })
    return at === this.#focus && cache === this.#cache ? tile : undefined
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

  /** By hand. */
  async move(by: number, selecting = false): Promise<void> {
    this.#moves++
    this.#ahead = 0
    await this.#go(by, selecting)
  }

  async #go(by: number, selecting = false): Promise<void> {
    const { tiles } = this.#view
    this.#isPastLast = false
    if (tiles === 0) {
      byId('focused').textContent = say('nothing')
      this.#parts.emptied()
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
    this.#tell(tile)
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

  /** @param goesOn the cursor goes on after it, unless there is a selection */
  aim(goesOn: boolean): Aim {
    const [view, selected] = [this.#view, [...this.#selected]]
    const at = this.#focus + this.#ahead
    const last = Math.max(0, view.tiles - 1)
    const aim: Aim = {
      cache: this.#cache,
      view,
      at: Math.min(last, at),
      selected,
      isPastLast: selected.length === 0 && (this.#isPastLast || at > last),
      goesOn: goesOn && selected.length === 0,
      isAhead: this.#ahead > 0,
      moves: this.#moves,
      stays: this.#stays,
    }
    if (aim.goesOn) this.#ahead++
    return aim
  }

  /** False for a key that was pressed for the next content, where the cursor did not go on to it. */
  holds({ isAhead, stays }: Aim): boolean {
    return !isAhead || stays === this.#stays
  }

  /** Called when nothing was done: the cursor does not go on. */
  stays(): void {
    this.#stays++
    this.#ahead = 0
  }

  /** Called after a decision: tiles are fetched again. The cursor goes on, unless it was moved by hand meanwhile. */
  async decided(aim: Aim): Promise<void> {
    this.#parts.elsewhere.forget()
    if (aim.selected.length > 0) this.#selected.clear()
    void this.#refresh().catch(this.#parts.failed)
    if (aim.moves !== this.#moves) {
      this.#grid.draw()
      return
    }
    if (aim.goesOn) this.#ahead = Math.max(0, this.#ahead - 1)
    await this.#go(aim.goesOn ? aim.at + 1 - this.#focus : 0)
    this.#isPastLast = aim.goesOn && aim.at === this.#view.tiles - 1
  }

  /** Tiles are fetched again, and what stands now is said of the one under the cursor. */
  async #refresh(): Promise<void> {
    const cache = this.#cache
    await cache?.refresh()
    const tile = cache?.known(this.#focus)
    if (tile && cache === this.#cache) this.#tell(tile)
  }

  #tell(tile: Tile): void {
    const [element, text] = [byId('focused'), this.#parts.spoken(tile, this.#focus, this.#view.tiles)]
    if (element.textContent !== text) element.textContent = text
  }

  /** The content that a key refers to. Undefined where there is none. */
  async tileOf({ cache, view, at }: Pick<Aim, 'cache' | 'view' | 'at'>): Promise<Tile | undefined> {
    return view.tiles === 0 ? undefined : cache?.wait(at)
  }

  /** Target of a decision: the stack under the cursor, the selection, or the content under it. Null when there is none. */
  async target(aim: Aim, stack: boolean): Promise<Target | null> {
    const tile = await this.tileOf(aim)
    if (!tile) return null
    if (stack) {
      const { count } = await ask<{ count: number }>('stack', { sha256: tile.sha256 })
      return { stackOf: tile.sha256, count }
    }
    const { view, tiles } = aim.view
    const { selected } = aim
    if (selected.length > 0 && selected.length === tiles)
      return { view, count: (await ask<{ count: number }>('count', { view })).count }
    if (selected.length === 0) return { contents: [tile.sha256], count: 1 }
    const chosen = await Promise.all(selected.map((at) => aim.cache!.wait(at)))
    const contents = chosen.flatMap((one) => (one ? [one.sha256] : []))
    return { contents, count: contents.length }
  }

  #saySelected(): void {
    this.#parts.said(say('selected', { n: this.#selected.size }))
    this.#grid.draw()
  }
}
