/** Several media end to end as one. */
import type { Damage, Medium } from '../../../contracts/image.ts'
import { clipped } from './ranges.ts'

/** A part of the joined medium: its first `lengthBytes` bytes; missing ones are damage (`cut`). */
export interface JoinedPart {
  readonly medium: Medium
  readonly lengthBytes: number
}

export function joinedMedium(parts: readonly JoinedPart[]): Medium {
  let sizeBytes = 0
  const laid = parts.map((part) => {
    const at = sizeBytes
    sizeBytes += part.lengthBytes
    const missing = part.lengthBytes - part.medium.sizeBytes
    const absent: readonly Damage[] =
      missing > 0
        ? [{ offset: at + part.medium.sizeBytes, length: missing, kind: 'damaged', cause: 'cut' }]
        : []
    return { ...part, at, absent }
  })

  const from = (offset: number): number => {
    let low = 0
    let high = laid.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const part = laid[middle]!
      if (part.at + part.lengthBytes <= offset) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      for (let done = 0, index = from(offset); done < wanted; index++) {
        const part = laid[index]!
        const inPart = offset + done - part.at
        const length = Math.min(wanted - done, part.lengthBytes - inPart)
        const piece = target.subarray(done, done + length)
        const got = inPart < part.medium.sizeBytes ? part.medium.readInto(piece, inPart) : 0
        piece.fill(0, got)
        done += length
      }
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      const end = offset + length
      for (let index = from(offset); index < laid.length; index++) {
        const part = laid[index]!
        if (part.at >= end) break
        const inPart = Math.max(0, offset - part.at)
        const reach = Math.min(end - part.at, part.lengthBytes) - inPart
        for (const damage of part.medium.damageIn(inPart, reach)) {
          found.push({ ...damage, offset: damage.offset + part.at })
        }
        found.push(...clipped(part.absent, offset, length))
      }
      return found
    },
  }
}
