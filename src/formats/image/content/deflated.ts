/**
 * A deflated content read in order: each byte is inflated once, and memory holds one piece. Reading backwards starts
 * again.
 *
 * A stream that fails, is shorter than stated, or fails its CRC-32 is damage of the content, known once it was read to
 * that point.
 */
import { crc32 } from 'node:zlib'
import { Inflate } from 'fflate'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { joined } from './checked.ts'
import { clipped } from './ranges.ts'

/** Small enough that at a ratio of a thousand the output still fits into memory. */
const PIECE_BYTES = 16 * 1024

/** @param stored the deflated bytes @param crc CRC-32 of the whole content; null when the archive states none */
export function deflatedContent(stored: Medium, sizeBytes: number, crc: number | null): Medium {
  let reading = new Inflating(stored)
  let damages: Damage[] = []
  let crcSoFar = 0
  /** One byte behind the end shows whether there is more. */
  const inOrder = (target: Uint8Array): number => {
    const got = reading.next(target)
    if (got > 0 && crc !== null) crcSoFar = crc32(target.subarray(0, got), crcSoFar)
    return got
  }
  const skipTo = (offset: number) => {
    if (offset < reading.position) {
      reading = new Inflating(stored)
      crcSoFar = 0
    }
    const passed = Buffer.allocUnsafe(Math.min(64 * 1024, Math.max(0, offset - reading.position)))
    while (reading.position < offset) {
      const got = inOrder(passed.subarray(0, Math.min(passed.length, offset - reading.position)))
      if (got === 0) return
    }
  }
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      if (wanted === 0) return 0
      skipTo(offset)
      const got = reading.position === offset ? inOrder(target.subarray(0, wanted)) : 0
      target.subarray(got, wanted).fill(0)
      if (got < wanted) {
        const at = Math.min(offset + got, reading.position)
        damages = [
          { offset: at, length: sizeBytes - at, kind: 'damaged', cause: reading.failed ? 'inflate' : 'cut' },
        ]
      } else if (reading.position === sizeBytes && crc !== null && crcSoFar >>> 0 !== crc >>> 0) {
        damages = [{ offset: 0, length: sizeBytes, kind: 'damaged', cause: 'checksum' }]
      }
      return wanted
    },
    damageIn: (offset, length) =>
      joined([
        ...clipped(damages, offset, length),
        ...(stored.damageIn(0, stored.sizeBytes).length > 0
          ? [{ offset, length, kind: 'damaged', cause: 'stored-bytes-damaged' } as const]
          : []),
      ]),
  }
}

class Inflating {
  readonly #stored: Medium
  readonly #inflate: Inflate
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES)
  #storedAt = 0
  #out: Uint8Array[] = []
  #ended = false
  position = 0
  failed = false

  constructor(stored: Medium) {
    this.#stored = stored
    this.#inflate = new Inflate((bytes, final) => {
      if (bytes.length > 0) this.#out.push(bytes)
      this.#ended ||= final
    })
  }

  /** Fills as much of the target as there is. */
  next(target: Uint8Array): number {
    let got = 0
    while (got < target.length) {
      const first = this.#out[0]
      if (first === undefined) {
        if (!this.#more()) break
        continue
      }
      const taken = first.subarray(0, target.length - got)
      target.set(taken, got)
      got += taken.length
      if (taken.length === first.length) this.#out.shift()
      else this.#out[0] = first.subarray(taken.length)
    }
    this.position += got
    return got
  }

  #more(): boolean {
    if (this.#ended || this.failed) return false
    const length = this.#stored.readInto(this.#piece, this.#storedAt)
    this.#storedAt += length
    const last = this.#storedAt >= this.#stored.sizeBytes
    try {
      // The library keeps its input until it is used.
      this.#inflate.push(Uint8Array.from(this.#piece.subarray(0, length)), last)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.failed = true
    }
    this.#ended ||= last
    return this.#out.length > 0 || !this.#ended
  }
}
