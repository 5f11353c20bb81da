/** PNG: chunks, each with its CRC, to IEND. */
import { crc32 } from 'node:zlib'
import type { Carver } from '../common/carver.ts'
import { Window } from '../common/window.ts'

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const PIECE = 1 << 15

export const PNG: Carver = {
  name: 'png',
  mediaType: 'image/png',
  begins: (head) => head.subarray(0, 8).equals(SIGNATURE) && head.toString('latin1', 12, 16) === 'IHDR',
  lengthOf(medium, offset, maxBytes) {
    const file = new Window(medium, offset, maxBytes)
    let at = SIGNATURE.length
    for (;;) {
      const length = file.u32be(at)
      const type = file.text(at + 4, 4)
      if (length === null || type === null || length > 0x7fffffff || !/^[A-Za-z]{4}$/.test(type)) break
      const stored = file.u32be(at + 8 + length)
      if (stored === null || stored !== crcOf(file, at + 4, 4 + length)) break
      at += 12 + length
      if (type === 'IEND') return { length: at, complete: true }
    }
    // Without a valid header there is no picture to show.
    return at > SIGNATURE.length ? { length: Math.min(file.sizeBytes, at), complete: false } : null
  },
}

function crcOf(file: Window, from: number, length: number): number {
  let sum = 0
  for (let done = 0; done < length; done += PIECE) {
    const piece = file.bytes(from + done, Math.min(PIECE, length - done))
    if (!piece) return -1
    sum = crc32(piece, sum)
  }
  return sum
}
