/**
 * Places of a resident value on the volume.
 *
 * The last two bytes of each 512 of a record are replaced by a mark, and their originals are in the head of the record
 * (its fix-ups). So they become a run of their own, and a ledger needs no bytes of the content.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import { laidOut, piecesOf } from '../../content/runs.ts'
import { fixUpsOf, STRIDE, type Value } from './record.ts'

const WORD = 2

/**
 * @param value in the bytes of a fixed-up record
 * @param record runs of that record on the volume
 * @returns null where the record is not completely there, or its fix-ups overlap fixed-up bytes
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
    // A word that was not restored is at its apparent place.
    const putBack = word !== null && bytes.readUInt16LE(word) === bytes.readUInt16LE(tail)
    const shift = putBack ? word - tail : 0
    add(from + shift, to + shift)
    from = to
  }
  return covered === end - at ? runs : null
}
