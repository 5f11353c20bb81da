/** A content with a stated CRC-32: it is checked after the content was read in order from beginning to end. */
import { crc32 } from 'node:zlib'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { clipped } from './ranges.ts'

export function checkedContent(content: Medium, crc: number): Medium {
  const { sizeBytes } = content
  let position = 0
  let soFar = 0
  let damages: readonly Damage[] = []
  return {
    sizeBytes,
    readInto(target, offset) {
      const got = content.readInto(target, offset)
      if (offset === 0) {
        position = 0
        soFar = 0
      }
      if (offset !== position || got === 0) return got
      position += got
      soFar = crc32(target.subarray(0, got), soFar)
      if (position === sizeBytes && soFar >>> 0 !== crc >>> 0)
        damages = [{ offset: 0, length: sizeBytes, kind: 'damaged', cause: 'checksum' }]
      return got
    },
    damageIn: (offset, length) => [...content.damageIn(offset, length), ...clipped(damages, offset, length)],
  }
}
