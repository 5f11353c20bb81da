/** Tiles of the view by position, in pages; pages far from the visible part are dropped. */
import type { Tile } from '../said.ts'
import { tiles } from './api.ts'

const PAGE = 200
const KEPT = 40

export class TileCache {
  readonly #view: number
  readonly #pages = new Map<number, readonly Tile[]>()
  /** Requests in flight: several callers share one request. */
  readonly #asked = new Map<number, Promise<void>>()
  /** Pages whose request in flight is older than a decision: they are asked for once more. */
  readonly #stale = new Set<number>()
  readonly #came: () => void
  readonly #failed: (error: unknown) => void

  constructor(view: number, came: () => void, failed: (error: unknown) => void) {
    this.#view = view
    this.#came = came
    this.#failed = failed
  }

  /** Undefined while the tile is loading; the call requests it. */
  at(position: number): Tile | undefined {
    const page = Math.floor(position / PAGE)
    const here = this.#pages.get(page)
    if (!here) void this.#fetch(page)
    return here?.[position - page * PAGE]
  }

  known(position: number): Tile | undefined {
    const page = Math.floor(position / PAGE)
    return this.#pages.get(page)?.[position - page * PAGE]
  }

  async wait(position: number): Promise<Tile | undefined> {
    const page = Math.floor(position / PAGE)
    if (!this.#pages.has(page)) await this.#fetch(page)
    return this.known(position)
  }

  /** Drops tiles that are no longer current. */
  forget(positions: Iterable<number>): void {
    for (const page of new Set([...positions].map((position) => Math.floor(position / PAGE))))
      void this.#fetch(page, true)
  }

  /** Reloads all tiles; the old ones stay on screen until the new ones come. */
  async refresh(): Promise<void> {
    await Promise.all([...this.#pages.keys()].map((page) => this.#fetch(page, true)))
  }

  #fetch(page: number, again = false): Promise<void> {
    const asked = this.#asked.get(page)
    if (asked) {
      if (again) this.#stale.add(page)
      return asked
    }
    if (this.#pages.has(page) && !again) return Promise.resolve()
    const fetching = this.#load(page).finally(() => {
      this.#asked.delete(page)
      return this.#stale.delete(page) ? this.#fetch(page, true) : undefined
    })
    this.#asked.set(page, fetching)
    return fetching
  }

  async #load(page: number): Promise<void> {
    try {
      const found = await tiles(this.#view, page * PAGE, PAGE)
      this.#pages.delete(page)
      this.#pages.set(page, found)
      const over = Math.max(0, this.#pages.size - KEPT)
      for (const old of [...this.#pages.keys()].slice(0, over)) this.#pages.delete(old)
      this.#came()
    } catch (error) {
      this.#failed(error)
    }
  }
}
