/** A set of ids of rows: one bit each, in blocks where there are any. A million of them take a few hundred kilobytes, not forty megabytes. */
export class IdSet {
  readonly #blocks = new Map<number, Uint32Array>()

  /** @param id a whole number from 0 to 2^53 - 1 */
  add(id: number): this {
    const at = Math.floor(id / BLOCK)
    let block = this.#blocks.get(at)
    if (!block) this.#blocks.set(at, (block = new Uint32Array(BLOCK / 32)))
    const bit = id - at * BLOCK
    block[bit >>> 5]! |= 1 << (bit & 31)
    return this
  }

  has(id: number): boolean {
    const at = Math.floor(id / BLOCK)
    const bit = id - at * BLOCK
    return ((this.#blocks.get(at)?.[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
  }
}

/** Ids are given one after the other, and those that are meant lie near to each other. */
const BLOCK = 1 << 13
