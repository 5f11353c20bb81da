/** Files in the free space of a volume as entries: they have a place and a structure, and no name, time or folder. */
import { childPath, volumePath } from '../../../base/evidence-path.ts'
import type { FileSystem, Medium } from '../../../contracts/image.ts'
import type { WalkedEntry } from '../../../contracts/ledger.ts'
import { type CarvedFile, carve } from '../../../image/remains/carve.ts'
import { CARVERS } from '../../../image/remains/index.ts'
import { bandOf } from '../../band.ts'

/** Longer than any file of a camera's card that lies in one piece; what is larger is taken up to here. */
const MOST_FILE_BYTES = 4 * 1024 ** 3

export function* carvedEntries(
  volume: number,
  bytes: Medium,
  { clusterBytes, unallocated }: FileSystem,
): Generator<WalkedEntry, void, undefined> {
  const grid = Math.max(clusterBytes, 512)
  for (const file of carve(bytes, unallocated(), grid, CARVERS, { fileBytes: MOST_FILE_BYTES }))
    yield carvedEntry(volume, file)
}

function carvedEntry(volume: number, { name, offset, length, complete }: CarvedFile): WalkedEntry {
  const size = BigInt(length)
  return {
    entry: {
      path: childPath(volumePath(volume, Buffer.alloc(0)), 'unallocated', Buffer.from(String(offset))),
      kind: 'file',
      sizeBytes: size,
      allocatedBytes: null,
      times: { modified: null, changed: null, accessed: null, born: null },
      device: null,
      inode: null,
      links: null,
      mode: null,
      uid: null,
      gid: null,
      linkTarget: null,
      band: bandOf(`carved.${name}`, size),
      onImage: {
        volume,
        status: 'carved',
        basis: 'signature',
        record: offset,
        sequence: null,
        place: { kind: 'runs', runs: [{ offset, length }], validBytes: length },
        nameTimes: null,
        notes: complete ? [] : ['structure-breaks-off'],
      },
    },
    read: null,
  }
}
