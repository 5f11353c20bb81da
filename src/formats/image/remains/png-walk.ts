/** Walks a PNG by its chunks: each has a CRC-32 of its own, and IEND ends it. */
import { crc32 } from 'node:zlib'
import type { FileWalk, Walked } from './common/file-walk.ts'

const SIGNATURE_BYTES = 8
const MOST_CHUNK_BYTES = 1 << 24

export class PngWalk implements FileWalk<number> {
  at = SIGNATURE_BYTES
  suspect: readonly [number, number] = [0, 0]

  save(): number {
    return this.at
  }

  restore(at: number): void {
    this.at = at
  }

  walk(bytes: Uint8Array, end: number): Walked {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (;;) {
      if (this.at + 8 > end) return 'more'
      const length = view.getUint32(this.at)
      const next = this.at + 12 + length
      const type = bytes.subarray(this.at + 4, this.at + 8)
      this.suspect = [this.at, this.at + 8]
      if (length > MOST_CHUNK_BYTES || !type.every(isLetter)) return 'broken'
      if (next > end) return 'more'
      this.suspect = [this.at, next]
      if (crc32(bytes.subarray(this.at + 4, next - 4)) !== view.getUint32(next - 4)) return 'broken'
      this.at = next
      if (type[0] === 0x49 && type[1] === 0x45 && type[2] === 0x4e && type[3] === 0x44) return 'whole'
    }
  }
}

function isLetter(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
}
