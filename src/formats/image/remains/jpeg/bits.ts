/** Bits of coded data: stuffed zeros are passed, a marker ends them (ISO 10918-1, F.1.2.3). */
import type { HuffmanTable } from './huffman.ts'

/** The next bits are not there: the bytes end, or a marker follows. */
export const NONE = -1
/** No code begins with the next bits. */
export const BROKEN = -2

export class Bits {
  bytes: Uint8Array
  end: number
  /** Offset of the next byte that was not taken. */
  at = 0
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes
    this.end = end
  }

  get isAtMarker(): boolean {
    return this.at + 1 < this.end && this.bytes[this.at] === 0xff && this.bytes[this.at + 1] !== 0
  }

  /** Whole bytes that were taken and not used. */
  get unused(): number {
    return this.#count >> 3
  }

  begin(at: number): void {
    this.at = at
    this.#held = this.#count = 0
  }

  saved(): readonly [number, number, number] {
    return [this.at, this.#held, this.#count]
  }

  restore([at, held, count]: readonly [number, number, number]): void {
    this.at = at
    this.#held = held
    this.#count = count
  }

  /** A symbol; NONE or BROKEN. */
  symbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill()
    const next =
      this.#count >= 16
        ? (this.#held >>> (this.#count - 16)) & 0xffff
        : (this.#held << (16 - this.#count)) & 0xffff
    const found = table[next] as number
    const length = found >> 8
    if (length === 0) return this.#count >= 16 ? BROKEN : NONE
    if (length > this.#count) return NONE
    this.#count -= length
    return found & 255
  }

  /** A number of up to 16 bits; NONE. */
  take(count: number): number {
    if (count === 0) return 0
    if (this.#count < count) this.#fill()
    if (this.#count < count) return NONE
    this.#count -= count
    return (this.#held >>> this.#count) & ((1 << count) - 1)
  }

  #fill(): void {
    while (this.#count <= 24 && this.at < this.end) {
      const byte = this.bytes[this.at] as number
      if (byte === 0xff) {
        if (this.at + 1 >= this.end || this.bytes[this.at + 1] !== 0) return
        this.at++
      }
      this.at++
      this.#held = (this.#held << 8) | byte
      this.#count += 8
    }
  }
}
