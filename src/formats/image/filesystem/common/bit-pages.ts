/** A set of numbers up to 2^48, as bits in pages that come into being when they are needed. */
const PAGE_BITS = 32_768

export class BitPages {
  readonly #pages = new Map<number, Uint8Array>()

  has(value: number): boolean {
    const page = this.#pages.get(Math.floor(value / PAGE_BITS))
    if (!page) return false
    const bit = value % PAGE_BITS
    return ((page[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0
  }

  /** @returns false when it was in the set before */
  add(value: number): boolean {
    const number = Math.floor(value / PAGE_BITS)
    let page = this.#pages.get(number)
    if (!page) this.#pages.set(number, (page = new Uint8Array(PAGE_BITS / 8)))
    const bit = value % PAGE_BITS
    const before = page[bit >>> 3] ?? 0
    const mask = 1 << (bit & 7)
    page[bit >>> 3] = before | mask
    return (before & mask) === 0
  }
}
