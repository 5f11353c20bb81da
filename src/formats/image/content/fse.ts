/**
 * Finite-state entropy codes of LZFSE. Bits are read from the end of a stream to its beginning. Tables give the symbol
 * of each state and the next state. Facts: github.com/lzfse/lzfse, `lzfse_fse.h`.
 */

/** The largest number of bits that one step takes, with the seven of a byte that is begun: a word of 32 holds them. */
const WORD_BYTES = 4

/** Bits of [from, to), the last first. */
export class BackwardBits {
  readonly #bytes: Buffer
  readonly #lowest: number
  #at: number

  /**
   * @param bytes has at least four bytes behind `to`
   * @param unused unused bits of the last byte, 0 to 7
   */
  constructor(bytes: Buffer, from: number, to: number, unused: number) {
    this.#bytes = bytes
    this.#lowest = from * 8
    this.#at = to * 8 - unused
  }

  /** More bits were taken than exist; the missing ones read as zeros. */
  get beyond(): boolean {
    return this.#at < this.#lowest
  }

  /** @param count 0 to 25 */
  take(count: number): number {
    this.#at -= count
    if (this.#at < this.#lowest || count === 0) return 0
    const byte = this.#at >>> 3
    return (this.#bytes.readUInt32LE(byte) >>> (this.#at & 7)) & (2 ** count - 1)
  }
}

/** Bytes that must follow the bytes of the bits. */
export const BITS_MARGIN = WORD_BYTES

/** Value of a symbol: `base` plus the given number of further bits. */
export interface Value {
  readonly base: number
  readonly bits: number
}

/** States of one kind of symbol, 64 to 1024 of them. */
export class StateTable {
  readonly #states: number
  readonly #bits: Uint8Array
  readonly #next: Int16Array
  readonly #valueBits: Uint8Array
  readonly #base: Int32Array
  #used = 0

  constructor(states: number) {
    this.#states = states
    this.#bits = new Uint8Array(states)
    this.#next = new Int16Array(states)
    this.#valueBits = new Uint8Array(states)
    this.#base = new Int32Array(states)
  }

  /** @returns false where the frequencies claim more states than exist */
  build(frequencies: Uint16Array, values: (symbol: number) => Value): boolean {
    const states = this.#states
    const total = Math.clz32(states)
    let state = 0
    for (let symbol = 0; symbol < frequencies.length; symbol++) {
      const frequency = frequencies[symbol] as number
      if (frequency === 0) continue
      if (state + frequency > states) return false
      const { base, bits } = values(symbol)
      const shift = Math.clz32(frequency) - total
      const longer = ((2 * states) >> shift) - frequency
      for (let index = 0; index < frequency; index++, state++) {
        const long = index < longer
        this.#bits[state] = long ? shift : shift - 1
        this.#next[state] = long ? ((frequency + index) << shift) - states : (index - longer) << (shift - 1)
        this.#valueBits[state] = bits
        this.#base[state] = base
      }
    }
    this.#used = state
    return true
  }

  /** @returns true where a stream can begin with this state */
  has(state: number): boolean {
    return state < this.#used
  }

  /** The next state. States without a symbol lead to the first. */
  follow(state: number, bits: number): number {
    const next = (this.#next[state] as number) + (bits >>> (this.#valueBits[state] as number))
    return next < this.#used ? next : 0
  }

  /** Bits that `follow` and `value` need at this state. */
  wants(state: number): number {
    return (this.#bits[state] as number) + (this.#valueBits[state] as number)
  }

  value(state: number, bits: number): number {
    return (this.#base[state] as number) + (bits & ((1 << (this.#valueBits[state] as number)) - 1))
  }
}
