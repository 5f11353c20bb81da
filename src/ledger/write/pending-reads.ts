/** Files that wait to be read, by priority class, paged by key along one index. Memory holds no list. */

import type { PendingRead } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'
import { nanoseconds, placeFromText, unsigned } from '../format/entry-row.ts'
import type { NodeRow } from '../format/evidence-tree.ts'
import type { Paths } from '../read/paths.ts'

const TO_READ = `
  SELECT id, above, step, name, size, allocated, modified_s, modified_ns, device, inode, volume, located FROM entry
  WHERE parent IS NULL AND walk_result IS NULL
    AND NOT EXISTS (SELECT 1 FROM reading WHERE reading.entry = entry.id)`

const BAND = 'band'
const MEDIUM = 'ifnull(volume, ifnull(device, 0))'
const POSITION = 'ifnull(position, ifnull(inode, 0))'

/**
 * Queries for the rows after a position in the index, from the nearest to the farthest: same position, same medium,
 * same priority class, later classes. For (a, b, c, d) > (…) SQLite uses only the first column of an index on
 * expressions, and it sorts when ORDER BY names a fixed column. Asked this way, each query is a walk along the index.
 */
export const PENDING_READS = [
  `${TO_READ} AND ${BAND} = ? AND ${MEDIUM} = ? AND ${POSITION} = ? AND id > ? ORDER BY id LIMIT ?`,
  `${TO_READ} AND ${BAND} = ? AND ${MEDIUM} = ? AND ${POSITION} > ? ORDER BY ${POSITION}, id LIMIT ?`,
  `${TO_READ} AND ${BAND} = ? AND ${MEDIUM} > ? ORDER BY ${MEDIUM}, ${POSITION}, id LIMIT ?`,
  `${TO_READ} AND ${BAND} > ? ORDER BY ${BAND}, ${MEDIUM}, ${POSITION}, id LIMIT ?`,
] as const

/** Regular files without a read result, by (band, device or volume, inode or place on it, id), after `cursor`. */
export function pendingReads(
  db: Db,
  paths: Paths,
  cursor: PendingRead | null,
  limit: number,
  which?: 'of-places',
): PendingRead[] {
  const rows = which === undefined ? rowsInOrder(db, cursor, limit) : rowsOfPlaces(db, cursor, limit)
  return rows.map((row) => pendingReadFromRow(row, paths))
}

function rowsOfPlaces(db: Db, cursor: PendingRead | null, limit: number): WaitingRow[] {
  const statement = db.prepare(`${TO_READ} AND ${ENDS_SO} AND id > ? ORDER BY id LIMIT ?`).safeIntegers()
  return statement.all([cursor?.entryId ?? 0, limit]) as WaitingRow[]
}

function rowsInOrder(db: Db, cursor: PendingRead | null, limit: number): WaitingRow[] {
  const after = cursor
    ? (db.prepare(KEY).raw().safeIntegers().get(cursor.entryId) as bigint[])
    : [BigInt(FIRST_BAND - 1)]
  const rows: WaitingRow[] = []
  for (let given = after.length; given > 0 && rows.length < limit; given--) {
    const statement = db.prepare(PENDING_READS[PENDING_READS.length - given]!).safeIntegers()
    rows.push(...(statement.all([...after.slice(0, given), limit - rows.length]) as WaitingRow[]))
  }
  return rows
}

/** The endings of all names in source/locked-places.ts. */
const ENDS_SO = `(lower(CAST(substr(name, -2) AS TEXT)) = 'db' OR lower(CAST(substr(name, -6) AS TEXT)) IN ('sqlite', '.ithmb', 'rypt12'))`

const KEY = `SELECT ${BAND}, ${MEDIUM}, ${POSITION}, id FROM entry WHERE id = ?`
const FIRST_BAND = 0

/** A row with the columns that a reader needs to find and check the file. */
export interface WaitingRow extends NodeRow {
  readonly id: bigint
  readonly size: bigint
  readonly allocated: bigint | null
  readonly modified_s: bigint | null
  readonly modified_ns: bigint | null
  readonly device: bigint | null
  readonly inode: bigint | null
  readonly volume: bigint | null
  readonly located: string | null
}

export function pendingReadFromRow(row: WaitingRow, paths: Paths): PendingRead {
  return {
    entryId: Number(row.id),
    path: paths.ofRow(row),
    sizeBytes: row.size,
    modifiedNs: nanoseconds(row.modified_s, row.modified_ns),
    device: unsigned(row.device),
    inode: unsigned(row.inode),
    allocatedBytes: row.allocated,
    ...(row.volume !== null && {
      onImage: { volume: Number(row.volume), place: placeFromText(row.located!) },
    }),
  }
}
