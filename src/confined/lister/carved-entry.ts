/**
 * Entries for data without a name on the volume. They have an offset and a recovery basis, but no name, time or folder.
 */
import { bareEntry } from '../../base/bare-entry.ts'
import { childPath, filePath, volumePath } from '../../base/evidence-path.ts'
import type { NameFinding } from '../../contracts/finding.ts'
import type { ByteRange, RecoveryBasis } from '../../contracts/image.ts'
import type { WalkedEntry } from '../../contracts/ledger.ts'
import { priorityClassOf } from '../../media-types/priority-class.ts'
import { MEDIUM } from '../../wire/list-protocol.ts'

/** Longer than any contiguous file on a camera's card; a larger file is cut at this size. */
export const MOST_FILE_BYTES = 4 * 1024 ** 3

export interface Nameless extends ByteRange {
  readonly where: 'unallocated' | 'slack' | 'unread'
  /** Assumed type, as a file name extension; empty: unknown. */
  readonly kind: string
  readonly basis: RecoveryBasis
  readonly notes: readonly string[]
  readonly named?: readonly NameFinding[]
  /** Of a content of several pieces; the first begins at `offset`. */
  readonly runs?: readonly ByteRange[]
}

/** @param volume its number, or {@link MEDIUM} */
export function namelessEntry(
  volume: number,
  { where, kind, basis, offset, length, notes, named = [], runs }: Nameless,
): WalkedEntry {
  const size = BigInt(length)
  const none = Buffer.alloc(0)
  const above = volume === MEDIUM ? filePath(none) : volumePath(volume, none)
  return {
    entry: bareEntry({
      path: childPath(above, where, Buffer.from(String(offset))),
      kind: 'file',
      sizeBytes: size,
      band: priorityClassOf(kind === '' ? 'carved' : `carved.${kind}`, size),
      onImage: {
        volume,
        status: 'carved',
        basis,
        record: offset,
        sequence: null,
        place: { kind: 'runs', runs: runs ?? [{ offset, length }], validBytes: length },
        nameTimes: null,
        notes,
      },
    }),
    read: null,
    named,
  }
}
