/** A volume in the state after a replay of its journal: in memory, sector by sector. */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium } from '../../../../contracts/image.ts'
import type { JournalCopy } from './journal.ts'

const SECTOR = 512

export interface Replayed {
  readonly bytes: Medium
  /** Places of structures on the volume as stored. */
  through(runs: readonly DataRun[]): readonly DataRun[]
}

/** @param copies in the order of their writing; each begins and ends at a sector of the volume */
export function replayed(volume: Medium, origin: number, copies: Iterable<JournalCopy>): Replayed {
  const sectors = new Map<number, number>()
  for (const { offset, length, at } of copies) {
    for (let done = 0; done < length; done += SECTOR)
      sectors.set((origin + offset + done) / SECTOR, at + done)
  }
  if (sectors.size === 0) return { bytes: volume, through: (runs) => runs }

  /** Pieces of a range, each with its present place. */
  function* pieces(offset: number, length: number): Generator<{ from: number; length: number }> {
    for (let at = offset; at < offset + length; ) {
      const inside = at % SECTOR
      const step = Math.min(SECTOR - inside, offset + length - at)
      const held = sectors.get((at - inside) / SECTOR)
      yield { from: held === undefined ? at : held + inside, length: step }
      at += step
    }
  }

  return {
    bytes: {
      sizeBytes: volume.sizeBytes,
      readInto(target, offset) {
        const wanted = Math.max(0, Math.min(target.length, volume.sizeBytes - offset))
        volume.readInto(target.subarray(0, wanted), offset)
        let done = 0
        for (const { from, length } of pieces(offset, wanted)) {
          if (from !== offset + done) volume.readInto(target.subarray(done, done + length), from)
          done += length
        }
        return wanted
      },
      damageIn(offset, length) {
        const wanted = Math.max(0, Math.min(length, volume.sizeBytes - offset))
        let at = offset
        const found = []
        for (const piece of pieces(offset, wanted)) {
          for (const damage of volume.damageIn(piece.from, piece.length))
            found.push({ ...damage, offset: damage.offset - piece.from + at })
          at += piece.length
        }
        return found
      },
    },
    through(runs) {
      const out: { offset: number | null; length: number }[] = []
      for (const run of runs) {
        if (run.offset === null) {
          out.push({ ...run })
          continue
        }
        for (const { from, length } of pieces(run.offset, run.length)) {
          const last = out.at(-1)
          if (last && last.offset !== null && last.offset + last.length === from) last.length += length
          else out.push({ offset: from, length })
        }
      }
      return out
    },
  }
}
