/** A set of small numbers, one bit each, in pages that are created on first use. */

const PAGE_BITS = 1 << 19

export class BitSet {
  readonly #pages: (Uint8Array | undefined)[] = []

  has(number: number): boolean {
    const page = this.#pages[Math.floor(number / PAGE_BITS)]
    return page !== undefined && ((page[(number % PAGE_BITS) >>> 3] ?? 0) & (1 << (number & 7))) !== 0
  }

  /** @returns true where the number is new */
  add(number: number): boolean {
    const index = Math.floor(number / PAGE_BITS)
    const page = (this.#pages[index] ??= new Uint8Array(PAGE_BITS >>> 3))
    const byte = (number % PAGE_BITS) >>> 3
    const bit = 1 << (number & 7)
    const before = page[byte] ?? 0
    page[byte] = before | bit
    return (before & bit) === 0
  }
}

/** Counts the numbers of a set in a range without testing each: one prefix count per block, computed once. */
export class RankedSet {
  static readonly #BLOCK = 512
  readonly #set: BitSet
  /** Number of set bits before each block. */
  readonly #below: Uint32Array

  /** @param end one above the greatest number that counts */
  constructor(set: BitSet, end: number) {
    this.#set = set
    this.#below = new Uint32Array(Math.ceil(end / RankedSet.#BLOCK) + 1)
    let count = 0
    for (let number = 0; number < end; number++) {
      if (number % RankedSet.#BLOCK === 0) this.#below[number / RankedSet.#BLOCK] = count
      if (set.has(number)) count++
    }
    this.#below[this.#below.length - 1] = count
  }

  has(number: number): boolean {
    return this.#set.has(number)
  }

  /** Numbers of the set in [from, from + length). */
  countIn(from: number, length: number): number {
    return this.#rank(from + length) - this.#rank(from)
  }

  #rank(end: number): number {
    const block = Math.min(Math.floor(end / RankedSet.#BLOCK), this.#below.length - 1)
    let count = this.#below[block] ?? 0
    for (let number = block * RankedSet.#BLOCK; number < end; number++) if (this.#set.has(number)) count++
    return count
  }
}
