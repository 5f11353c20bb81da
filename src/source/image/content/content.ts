/**
 * A content as bytes at random access, from where the listing says that it lies on its volume.
 *
 * Holes and what lies behind the valid length read as zeros. A listing that names fewer bytes than the content has is damage
 * of the content, said by `damageIn`, never a shorter content.
 */
import type { ContentPlace, Damage, DataRun, Medium } from '../../../contracts/image.ts'
import { checkedContent } from './checked.ts'
import { deflatedContent } from './deflated.ts'
import { clipped } from './ranges.ts'

export type ReadablePlace = Exclude<ContentPlace, { kind: 'none' }>

/** A run with where it begins in the content. */
interface Laid extends DataRun {
  readonly at: number
}

/**
 * @param volume    the bytes that runs count on
 * @param sizeBytes of the content; what the place holds beyond is not part of it
 */
export function contentOf(volume: Medium, place: ReadablePlace, sizeBytes: number): Medium {
  switch (place.kind) {
    case 'resident':
      return residentContent(Buffer.from(place.base64, 'base64'), sizeBytes)
    case 'runs':
      return runsContent(volume, place.runs, Math.min(place.validBytes, sizeBytes), sizeBytes)
    case 'deflated':
      return archived(volume, place, sizeBytes)
    case 'coded':
      throw new Error(`no decoder of ${place.coding} is built`)
  }
}

/** A member of an archive; what is stored as it is has a checksum too. */
function archived(
  volume: Medium,
  { method, runs, crc32, validBytes }: Extract<ContentPlace, { kind: 'deflated' }>,
  sizeBytes: number,
): Medium {
  const storedBytes = runs.reduce((sum, { length }) => sum + length, 0)
  const stored = runsContent(volume, runs, storedBytes, storedBytes)
  return method === 'deflate'
    ? deflatedContent(stored, sizeBytes, crc32)
    : checkedContent(runsContent(volume, runs, validBytes, sizeBytes), crc32)
}

function residentContent(held: Buffer, sizeBytes: number): Medium {
  const missing: readonly Damage[] =
    held.length < sizeBytes
      ? [{ offset: held.length, length: sizeBytes - held.length, kind: 'damaged', cause: 'runs-end' }]
      : []
  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      target.subarray(0, wanted).fill(0)
      target.set(held.subarray(offset, offset + wanted))
      return wanted
    },
    damageIn: (offset, length) => clipped(missing, offset, length),
  }
}

/** Content laid in runs, in order. */
export function runsContent(
  volume: Medium,
  runs: readonly DataRun[],
  validBytes: number,
  sizeBytes: number,
): Medium {
  const laid: Laid[] = []
  let end = 0
  for (const run of runs) {
    if (end >= sizeBytes) break
    if (run.length <= 0) continue
    laid.push({ ...run, at: end })
    end += run.length
  }
  const absent: readonly Damage[] =
    end < Math.min(validBytes, sizeBytes)
      ? [{ offset: end, length: sizeBytes - end, kind: 'damaged', cause: 'runs-end' }]
      : []

  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      target.subarray(0, wanted).fill(0)
      for (const piece of piecesOf(laid, offset, Math.min(wanted, validBytes - offset))) {
        volume.readInto(target.subarray(piece.at - offset, piece.at - offset + piece.length), piece.on)
      }
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      for (const piece of piecesOf(laid, offset, Math.min(length, validBytes - offset))) {
        const shift = piece.at - piece.on
        for (const damage of volume.damageIn(piece.on, piece.length)) {
          found.push({ ...damage, offset: damage.offset + shift })
        }
        // Runs that leave the volume hold nothing: the volume fills no bytes there.
        const beyond = Math.min(piece.length, piece.on + piece.length - volume.sizeBytes)
        if (beyond > 0) {
          found.push({
            offset: piece.at + piece.length - beyond,
            length: beyond,
            kind: 'damaged',
            cause: 'beyond-volume',
          })
        }
      }
      return [...found, ...clipped(absent, offset, length)]
    },
  }
}

/** The stored pieces of [offset, offset + length) of the content; holes are left out. */
function* piecesOf(
  laid: readonly Laid[],
  offset: number,
  length: number,
): Iterable<{ at: number; on: number; length: number }> {
  if (length <= 0) return
  let low = 0
  let high = laid.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const run = laid[middle]
    if (run && run.at + run.length <= offset) low = middle + 1
    else high = middle
  }
  const end = offset + length
  for (let index = low; index < laid.length; index++) {
    const run = laid[index]
    if (!run || run.at >= end) return
    if (run.offset === null) continue
    const at = Math.max(offset, run.at)
    yield { at, on: run.offset + (at - run.at), length: Math.min(end, run.at + run.length) - at }
  }
}
