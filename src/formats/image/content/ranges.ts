/** Ranges of bytes: clipping, and a part of a medium as a medium of its own. */
import type { ByteRange, Damage, Medium } from '../../../contracts/image.ts'

/** Those of `ranges` that touch [offset, offset + length), cut to it. */
export function clipped(ranges: readonly Damage[], offset: number, length: number): Damage[] {
  const end = offset + length
  return ranges
    .filter((range) => range.offset < end && range.offset + range.length > offset)
    .map((range) => {
      const from = Math.max(offset, range.offset)
      return { ...range, offset: from, length: Math.min(end, range.offset + range.length) - from }
    })
}

/** A range of a medium (a volume on a disk) as a medium; the part behind the medium's end is cut off. */
export function partOf(medium: Medium, range: ByteRange): Medium {
  const sizeBytes = Math.max(0, Math.min(range.length, medium.sizeBytes - range.offset))
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      return wanted === 0 ? 0 : medium.readInto(target.subarray(0, wanted), range.offset + offset)
    },
    damageIn: (offset, length) =>
      medium
        .damageIn(range.offset + offset, Math.max(0, Math.min(length, sizeBytes - offset)))
        .map((damage) => ({ ...damage, offset: damage.offset - range.offset })),
  }
}
