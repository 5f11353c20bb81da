/**
 * Reads bytes of one candidate through a window: numbers and pieces at offsets from its beginning, never outside its
 * room.
 */
import type { Medium } from '../../../../contracts/image.ts'

const WINDOW_BYTES = 1 << 16

export class Window {
  readonly sizeBytes: number
  readonly #medium: Medium
  readonly #offset: number
  readonly #held = Buffer.alloc(WINDOW_BYTES)
  #from = 0
  #length = 0

  /** @param maxBytes limited to the bytes that the medium has */
  constructor(medium: Medium, offset: number, maxBytes: number) {
    this.#medium = medium
    this.#offset = offset
    this.sizeBytes = Math.max(0, Math.min(maxBytes, medium.sizeBytes - offset))
  }

  /**
   * Null when they are not completely in the room. The buffer is valid until the next call. @param length at most 64
   * KiB
   */
  bytes(at: number, length: number): Buffer | null {
    if (at < 0 || at + length > this.sizeBytes || length > WINDOW_BYTES) return null
    if (at < this.#from || at + length > this.#from + this.#length) this.#read(at)
    return this.#held.subarray(at - this.#from, at - this.#from + length)
  }

  /** As many bytes as there are, at most 64 KiB. */
  some(at: number): Buffer {
    return this.bytes(at, Math.max(0, Math.min(WINDOW_BYTES, this.sizeBytes - at))) ?? Buffer.alloc(0)
  }

  u8(at: number): number | null {
    return this.bytes(at, 1)?.readUInt8(0) ?? null
  }

  u16be(at: number): number | null {
    return this.bytes(at, 2)?.readUInt16BE(0) ?? null
  }

  u32be(at: number): number | null {
    return this.bytes(at, 4)?.readUInt32BE(0) ?? null
  }

  u32le(at: number): number | null {
    return this.bytes(at, 4)?.readUInt32LE(0) ?? null
  }

  /** Latin-1; null when it leaves the room. */
  text(at: number, length: number): string | null {
    return this.bytes(at, length)?.toString('latin1') ?? null
  }

  /** Offset of `wanted` in [from, end), −1 where it does not occur. */
  find(wanted: Buffer, from: number, end = this.sizeBytes): number {
    for (let at = from; at + wanted.length <= end; ) {
      const piece = this.some(at)
      const found = piece.indexOf(wanted)
      if (found >= 0) return at + found + wanted.length <= end ? at + found : -1
      if (piece.length < WINDOW_BYTES) return -1
      at += piece.length - wanted.length + 1
    }
    return -1
  }

  #read(at: number): void {
    this.#from = at
    const wanted = Math.min(WINDOW_BYTES, this.sizeBytes - at)
    this.#length = this.#medium.readInto(this.#held.subarray(0, wanted), this.#offset + at)
    this.#held.fill(0, this.#length, wanted)
    this.#length = wanted
  }
}
