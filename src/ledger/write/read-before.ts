/** Recorded facts of entries that were read, so that they can be read again. */
import type { ReadBefore } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'
import type { Paths } from '../read/paths.ts'
import { pendingReadFromRow, type WaitingRow } from './pending-reads.ts'

/** @param entryIds files of the exhibit itself; those without a read result are left out */
export function readBefore(db: Db, paths: Paths, entryIds: readonly number[]): ReadBefore[] {
  const statement = db.prepare(READ).safeIntegers()
  return entryIds.flatMap((id) => {
    const row = statement.get(id) as ReadRow | undefined
    if (row === undefined) return []
    const sha256 = row.sha256?.toString('hex') ?? null
    return [{ job: pendingReadFromRow(row, paths), sha256, mediaType: row.media_type }]
  })
}

interface ReadRow extends WaitingRow {
  readonly sha256: Buffer | null
  readonly media_type: string | null
}

const READ = `
  SELECT entry.id, above, step, name, entry.size, allocated, modified_s, modified_ns, device, inode, volume, located,
    content.sha256, content.media_type
  FROM entry JOIN reading ON reading.entry = entry.id LEFT JOIN content ON content.id = reading.content
  WHERE entry.id = ? AND entry.parent IS NULL`
