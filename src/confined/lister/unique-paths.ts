/**
 * Set of the evidence paths in a listing, in flat memory: 8 bytes a path.
 *
 * Damaged folders may contain a name twice, and deleted files may have the name of another file. The ledger stores each
 * path once, so the second path gets a `record` step. The set stores a 53-bit hash of each path. A collision only adds
 * a step to a path.
 */

const FIRST_SLOTS = 1 << 16
const MOST_FULL = 0.6

export class UniquePaths {
  #slots = new Float64Array(FIRST_SLOTS)
  #used = 0

  /** @returns whether the path is new; it is remembered */
  add(path: Buffer): boolean {
    if (this.#used >= this.#slots.length * MOST_FULL) this.#grow()
    return this.#put(markOf(path))
  }

  #put(mark: number): boolean {
    const mask = this.#slots.length - 1
    for (let at = mark % this.#slots.length; ; at = (at + 1) & mask) {
      const held = this.#slots[at]
      if (held === mark) return false
      if (held !== 0) continue
      this.#slots[at] = mark
      this.#used++
      return true
    }
  }

  #grow(): void {
    const before = this.#slots
    this.#slots = new Float64Array(before.length * 2)
    this.#used = 0
    for (const mark of before) if (mark !== 0) this.#put(mark)
  }
}

/** Two 32-bit FNV-1a hashes (Fowler, Noll, Vo) with different starts, joined to a whole number from 1 to 2^53. */
function markOf(path: Buffer): number {
  let a = 0x811c9dc5
  let b = 0x9747b28c
  for (const byte of path) {
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x85ebca6b) ^ (b >>> 13)
  }
  return (a >>> 0) + ((b >>> 11) & 0x1fffff) * 0x100000000 || 1
}
