/**
 * Bits of XPRESS-Huffman and LZX: little-endian 16-bit words, each from its highest bit, and their canonical Huffman
 * codes.
 */

export class Bits {
  readonly #bytes: Buffer
  #at: number
  /** Next bits, left-justified in 32. */
  #held = 0
  #count = 0
  #beyond = 0

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  /** Words requested behind the end (they read as zeros). A few are usual at the end; more are damage. */
  get beyond(): number {
    return this.#beyond
  }

  /** Ensures that at least `count` bits (at most 16) are in the buffer. */
  ensure(count: number): void {
    if (this.#count >= count) return
    const bytes = this.#bytes
    const at = this.#at
    const word = at + 1 < bytes.length ? (bytes[at] as number) | ((bytes[at + 1] as number) << 8) : 0
    if (at + 1 >= bytes.length) this.#beyond++
    this.#at = at + 2
    this.#held |= word << (16 - this.#count)
    this.#count += 16
  }

  /** The next `count` bits (1–16) of the ensured ones, not consumed. */
  peek(count: number): number {
    return this.#held >>> (32 - count)
  }

  drop(count: number): void {
    this.#held <<= count
    this.#count -= count
  }

  take(count: number): number {
    if (count === 0) return 0
    this.ensure(count)
    const value = this.#held >>> (32 - count)
    this.drop(count)
    return value
  }

  /** A byte between the words, at the position after the last read. */
  byte(): number {
    if (this.#at >= this.#bytes.length) this.#beyond++
    return this.#bytes[this.#at++] ?? 0
  }

  /** Position of the next word, with 16 bits in the buffer: the data after these bits begin there. */
  readAhead(): number {
    this.ensure(16)
    return this.#at
  }

  /**
   * Skips the rest of the current word (a whole word where none has begun), and returns the position of the bytes
   * behind it.
   */
  align(): number {
    const rest = this.#count % 16
    const skipped = rest === 0 ? 16 : rest
    this.ensure(skipped)
    const words = (this.#count - skipped) / 16
    this.#held = 0
    this.#count = 0
    return this.#at - words * 2
  }
}

/** Bits that one look-up resolves; longer codes go on bit by bit. */
const LOOKUP_BITS = 10
const MAX_BITS = 16

/** A canonical code of lengths 0 (unused) to 16. */
export class Code {
  readonly #lookup = new Uint16Array(1 << LOOKUP_BITS)
  readonly #symbols: Uint16Array
  readonly #first = new Int32Array(MAX_BITS + 2)
  readonly #begins = new Int32Array(MAX_BITS + 2)
  readonly #counts = new Int32Array(MAX_BITS + 2)

  constructor(symbols: number) {
    this.#symbols = new Uint16Array(symbols)
  }

  /**
   * @returns false where the lengths claim more codes than exist; a set with fewer codes is accepted (unused codes
   *   decode to no symbol)
   */
  build(lengths: Uint8Array): boolean {
    const counts = this.#counts.fill(0)
    for (const length of lengths) counts[length] = (counts[length] as number) + 1
    counts[0] = 0
    let code = 0
    let begin = 0
    for (let length = 1; length <= MAX_BITS; length++) {
      this.#first[length] = code
      this.#begins[length] = begin
      begin += counts[length] as number
      code += counts[length] as number
      if (code > 2 ** length) return false
      code *= 2
    }
    const next = this.#begins.slice()
    this.#lookup.fill(0)
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol] as number
      if (length === 0) continue
      const rank = next[length] as number
      next[length] = rank + 1
      this.#symbols[rank] = symbol
      if (length > LOOKUP_BITS) continue
      const from =
        ((this.#first[length] as number) + rank - (this.#begins[length] as number)) << (LOOKUP_BITS - length)
      // Length in the low five bits, symbol above; zero: a longer code.
      this.#lookup.fill((symbol << 5) | length, from, from + (1 << (LOOKUP_BITS - length)))
    }
    return true
  }

  /** @returns the symbol, or −1 where no code matches */
  next(bits: Bits): number {
    bits.ensure(MAX_BITS)
    const found = this.#lookup[bits.peek(LOOKUP_BITS)] as number
    if (found !== 0) {
      bits.drop(found & 31)
      return found >> 5
    }
    for (let length = LOOKUP_BITS + 1; length <= MAX_BITS; length++) {
      const rank = bits.peek(length) - (this.#first[length] as number)
      if (rank >= 0 && rank < (this.#counts[length] as number)) {
        bits.drop(length)
        return this.#symbols[(this.#begins[length] as number) + rank] as number
      }
    }
    return -1
  }
}
