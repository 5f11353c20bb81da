/**
 * Where a value inside a record lies on the volume.
 *
 * The last two bytes of each 512 of a record are not where they seem to be: a mark stands there, and they stand in the head of the
 * record (its fix-ups). So they are a run of their own, and nothing of a content needs to be written down.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import { laidOut, piecesOf } from '../../content/runs.ts'
import { fixUpsOf, STRIDE, type Value } from './record.ts'

const WORD = 2

/**
 * @param value   in the bytes of a fixed-up record
 * @param record  runs of that record on the volume
 * @returns null where the record does not lie there as a whole, or its fix-ups lie on fixed-up bytes
 */
export function residentRuns({ bytes, at, end }: Value, record: readonly DataRun[]): DataRun[] | null {
  const laid = laidOut(record, bytes.length)
  const fixUps = fixUpsOf(bytes)
  const runs: DataRun[] = []
  let covered = 0
  const add = (from: number, to: number): void => {
    for (const { on, length } of piecesOf(laid, from, to - from)) {
      const last = runs.at(-1)
      if (last?.offset === on - (last?.length ?? 0))
        runs[runs.length - 1] = { ...last, length: last.length + length }
      else runs.push({ offset: on, length })
      covered += length
    }
  }
  for (let from = at; from < end; ) {
    const sector = Math.floor(from / STRIDE) + 1
    const tail = sector * STRIDE - WORD
    if (from < tail) {
      add(from, Math.min(end, tail))
      from = Math.min(end, tail)
      continue
    }
    const to = Math.min(end, tail + WORD)
    const word = fixUps && sector < fixUps.count ? fixUps.at + sector * WORD : null
    if (word !== null && word + WORD > STRIDE - WORD) return null
    // A word that was not put back stands where it seems to be.
    const putBack = word !== null && bytes.readUInt16LE(word) === bytes.readUInt16LE(tail)
    const shift = putBack ? word - tail : 0
    add(from + shift, to + shift)
    from = to
  }
  return covered === end - at ? runs : null
}
