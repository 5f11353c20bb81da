/** A content with a stated CRC-32: it is checked after the content was read in order from beginning to end. */
import { crc32 } from 'node:zlib'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { DamageLog } from './damage-log.ts'
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
    damageIn: (offset, length) =>
      joined([...content.damageIn(offset, length), ...clipped(damages, offset, length)]),
  }
}

/** In order, each byte once, with the cause that stands first in the list. */
export function joined(damages: readonly Damage[]): readonly Damage[] {
  if (damages.length < 2) return damages
  const log = new DamageLog()
  for (const damage of damages) log.add(damage)
  return log.within(0, Number.MAX_SAFE_INTEGER)
}
