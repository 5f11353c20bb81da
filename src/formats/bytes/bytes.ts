/** Reads numbers and byte ranges in sequence; throws at the end instead of reading on. */

export class Ended extends Error {}

export class Cursor {
  readonly #bytes: Buffer
  at: number

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes
    this.at = at
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  u8(): number {
    return this.#bytes[this.#step(1)]!
  }

  u16(): number {
    return this.#bytes.readUInt16LE(this.#step(2))
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.#step(4))
  }

  /** As a number: file sizes and times fit. */
  u64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.#step(8)))
  }

  take(length: number): Buffer {
    const from = this.#step(length)
    return this.#bytes.subarray(from, from + length)
  }

  /** @throws Ended */
  #step(length: number): number {
    if (length > this.left) throw new Ended()
    const from = this.at
    this.at += length
    return from
  }
}
