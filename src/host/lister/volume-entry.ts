/** A volume as an entry: its result says whether all of it was listed. */
import { bareEntry } from '../../base/bare-entry.ts'
import { volumePath } from '../../base/evidence-path.ts'
import type { ListedRange } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notApplicable } from '../../contracts/stage.ts'

/** The volume itself, as the folder that everything on it lies in. */
export function volumeEntry({ range, listed }: ListedRange, number: number): WalkedEntry {
  return {
    entry: bareEntry({
      path: volumePath(number, Buffer.alloc(0)),
      kind: 'directory',
      sizeBytes: BigInt(range.length),
      band: 0,
      onImage: {
        volume: number,
        status: 'live',
        basis: null,
        record: range.offset,
        sequence: null,
        place: { kind: 'none', reason: 'directory', detail: '' },
        nameTimes: null,
        notes: [],
      },
    }),
    // As of any folder: that all of it was listed is no reading.
    read: listed.result === 'done' ? notApplicable('directory') : listed,
  }
}
