/** A content laid in runs of its volume, as bytes at random access. */
import type { DataRun } from '../../../contracts/content-place.ts'
import type { Damage, Medium } from '../../../contracts/image.ts'
import { clipped } from './ranges.ts'

/** A run with its offset in the content. */
export interface Laid extends DataRun {
  readonly at: number
}

/** Content laid in runs, in order. */
export function runsContent(
  volume: Medium,
  runs: readonly DataRun[],
  validBytes: number,
  sizeBytes: number,
): Medium {
  const laid = laidOut(runs, sizeBytes)
  const last = laid.at(-1)
  const end = last ? last.at + last.length : 0
  const absent: readonly Damage[] =
    end < Math.min(validBytes, sizeBytes)
      ? [{ offset: end, length: sizeBytes - end, kind: 'damaged', cause: 'runs-end' }]
      : []

  return {
    sizeBytes,
    readInto(target, offset) {
      const wanted = Math.max(0, Math.min(target.length, sizeBytes - offset))
      let filled = 0
      for (const piece of piecesOf(laid, offset, Math.min(wanted, validBytes - offset))) {
        const from = piece.at - offset
        target.fill(0, filled, from)
        filled = from + Math.max(0, volume.readInto(target.subarray(from, from + piece.length), piece.on))
      }
      target.fill(0, filled, wanted)
      return wanted
    },
    damageIn(offset, length) {
      const found: Damage[] = []
      for (const piece of piecesOf(laid, offset, Math.min(length, validBytes - offset))) {
        const shift = piece.at - piece.on
        for (const damage of volume.damageIn(piece.on, piece.length)) {
          found.push({ ...damage, offset: damage.offset + shift })
        }
        // Runs that leave the volume are empty there: the volume fills no bytes.
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

/** Runs in order, up to the end of the content; empty ones are left out. */
export function laidOut(runs: readonly DataRun[], sizeBytes: number): readonly Laid[] {
  const laid: Laid[] = []
  let end = 0
  for (const run of runs) {
    if (end >= sizeBytes) break
    if (run.length <= 0) continue
    laid.push({ ...run, at: end })
    end += run.length
  }
  return laid
}

/**
 * The stored pieces of [offset, offset + length) of the content: `at` in the content, `on` the volume; without holes.
 */
export function* piecesOf(
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

/** Runs of a range of the content: as far as they go, without holes. */
export function runsWithin(runs: readonly DataRun[], offset: number, length: number): DataRun[] {
  const laid = laidOut(runs, offset + length)
  return [...piecesOf(laid, offset, length)].map((piece) => ({ offset: piece.on, length: piece.length }))
}
