/** What a reader is told of an entry whose content is read again, outside a run. */
import type { Entry } from '../contracts/entry.ts'
import type { PendingRead } from '../contracts/ledger.ts'

/** @param entryId row of the ledger; 0 where no row takes the answer */
export function pendingOf(entry: Entry, entryId = 0): PendingRead {
  return {
    entryId,
    path: entry.path,
    sizeBytes: entry.sizeBytes,
    modifiedNs: entry.times.modified?.ns ?? null,
    device: entry.device,
    inode: entry.inode,
    allocatedBytes: entry.allocatedBytes,
    ...(entry.onImage ? { onImage: entry.onImage } : {}),
  }
}
