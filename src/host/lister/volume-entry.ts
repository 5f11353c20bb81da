/** Makes the entry of a volume; its result reports whether the whole volume was listed. */
import { bareEntry } from '../../base/bare-entry.ts'
import { volumePath } from '../../base/evidence-path.ts'
import type { ListedRange } from '../../contracts/image-exhibit.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { notApplicable } from '../../contracts/stage.ts'

/** The volume itself, as the folder that contains all entries of the volume. */
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
    // As for any folder: a complete listing is no reading.
    read: listed.result === 'done' ? notApplicable('directory') : listed,
  }
}
