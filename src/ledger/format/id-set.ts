/**
 * A set of row ids as bits, in pages that are allocated on first use. A million contents cost 125 kB. An id that no
 * run assigns costs one page.
 */
import type { Db } from './database.ts'

const PAGE_IDS = 1 << 15

export class IdSet {
  readonly #pages = new Map<number, Uint8Array>()

  /**
   * The ids that a query with one column returns.
   * @throws RangeError where a value is not an id
   */
  static of(db: Db, sql: string): IdSet {
    const set = new IdSet()
    for (const id of db.prepare(sql).pluck().iterate()) set.add(requireId(id))
    return set
  }

  static copy(other: IdSet): IdSet {
    const set = new IdSet()
    for (const [at, page] of other.#pages) set.#pages.set(at, page.slice())
    return set
  }

  has(id: number): boolean {
    const page = this.#pages.get(Math.floor(id / PAGE_IDS))
    return page !== undefined && (page[(id % PAGE_IDS) >> 3]! & (1 << (id & 7))) !== 0
  }

  /** In no defined order. */
  *ids(): IterableIterator<number> {
    for (const [at, page] of this.#pages)
      for (const [i, byte] of page.entries())
        for (let bit = 0; byte >> bit > 0; bit++) if (byte & (1 << bit)) yield at * PAGE_IDS + i * 8 + bit
  }

  /** @returns false when the set already contains the id. @throws RangeError when the value is not an id */
  add(id: number): boolean {
    if (this.has(requireId(id))) return false
    const at = Math.floor(id / PAGE_IDS)
    let page = this.#pages.get(at)
    if (page === undefined) {
      page = new Uint8Array(PAGE_IDS / 8)
      this.#pages.set(at, page)
    }
    page[(id % PAGE_IDS) >> 3]! |= 1 << (id & 7)
    return true
  }
}

/**
 * Runs count ids from 1; 0 is the exhibit. A negative value, or one that a number cannot hold exactly, would be
 * mistaken for another id.
 * @throws RangeError for any other value
 */
function requireId(id: unknown): number {
  if (Number.isSafeInteger(id) && (id as number) >= 0) return id as number
  throw new RangeError(`${String(id)} stands where the number of a row is expected`)
}
