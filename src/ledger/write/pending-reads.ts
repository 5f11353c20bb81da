/** Files that wait to be read, likeliest first, paged by key along one index: nothing is kept in memory. */

import { parseEvidencePath } from '../../base/evidence-path.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'
import { nanoseconds, signed, unsigned } from '../format/entry-row.ts'

const TO_READ = `
  SELECT id, path, size, allocated, modified_s, modified_ns, device, inode FROM entry
  WHERE parent IS NULL AND walk_result IS NULL
    AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.entry = entry.id)`

const BAND = 'band'
const DEVICE = 'ifnull(device, 0)'
const INODE = 'ifnull(inode, 0)'

/**
 * What follows a place in the order of the index, from the nearest to the rest: the same inode, the same device, the same
 * band, later bands. SQLite uses only the first column of an index on expressions for (a, b, c, d) > (…), and sorts when
 * ORDER BY names a column that is fixed; asked like this each is a walk along the index.
 */
export const PENDING_READS = [
  `${TO_READ} AND ${BAND} = ? AND ${DEVICE} = ? AND ${INODE} = ? AND path > ? ORDER BY path LIMIT ?`,
  `${TO_READ} AND ${BAND} = ? AND ${DEVICE} = ? AND ${INODE} > ? ORDER BY ${INODE}, path LIMIT ?`,
  `${TO_READ} AND ${BAND} = ? AND ${DEVICE} > ? ORDER BY ${DEVICE}, ${INODE}, path LIMIT ?`,
  `${TO_READ} AND ${BAND} > ? ORDER BY ${BAND}, ${DEVICE}, ${INODE}, path LIMIT ?`,
] as const

/** Regular files without a read result, by (band, device, inode, path), after `cursor`. */
export function pendingReads(db: Db, cursor: PendingRead | null, limit: number): PendingRead[] {
  const after = cursor
    ? [bandOf(db, cursor.entryId), signed(cursor.device) ?? 0, signed(cursor.inode) ?? 0, cursor.path.bytes]
    : [FIRST_BAND - 1]
  const rows: WaitingRow[] = []
  for (let given = after.length; given > 0 && rows.length < limit; given--) {
    const statement = db.prepare(PENDING_READS[PENDING_READS.length - given]!).safeIntegers()
    rows.push(...(statement.all([...after.slice(0, given), limit - rows.length]) as WaitingRow[]))
  }
  return rows.map(pendingReadFromRow)
}

const FIRST_BAND = 0

/** A row with what a reader needs to find and check the file. */
export interface WaitingRow {
  readonly id: bigint
  readonly path: Buffer
  readonly size: bigint
  readonly allocated: bigint | null
  readonly modified_s: bigint | null
  readonly modified_ns: bigint | null
  readonly device: bigint | null
  readonly inode: bigint | null
}

export function pendingReadFromRow(row: WaitingRow): PendingRead {
  return {
    entryId: Number(row.id),
    path: parseEvidencePath(row.path),
    sizeBytes: row.size,
    modifiedNs: nanoseconds(row.modified_s, row.modified_ns),
    device: unsigned(row.device),
    inode: unsigned(row.inode),
    allocatedBytes: row.allocated,
  }
}

function bandOf(db: Db, entry: number): number {
  return db.prepare('SELECT band FROM entry WHERE id = ?').pluck().get(entry) as number
}
