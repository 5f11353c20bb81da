/** A set of row ids as bits: a million contents cost 125 kB. */
import type { Db } from './database.ts'

export class IdSet {
  #bits = new Uint8Array(1024)

  /** The ids that a query of one column gives. */
  static of(db: Db, sql: string): IdSet {
    const set = new IdSet()
    for (const id of db.prepare(sql).pluck().iterate()) set.add(id as number)
    return set
  }

  static copy(other: IdSet): IdSet {
    const set = new IdSet()
    set.#bits = other.#bits.slice()
    return set
  }

  has(id: number): boolean {
    return ((this.#bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0
  }

  /** @returns false when it was there already */
  add(id: number): boolean {
    if (this.has(id)) return false
    const at = id >> 3
    if (at >= this.#bits.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bits.length * 2))
      grown.set(this.#bits)
      this.#bits = grown
    }
    this.#bits[at]! |= 1 << (id & 7)
    return true
  }
}
