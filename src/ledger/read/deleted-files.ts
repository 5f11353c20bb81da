/**
 * Listed files that are not live: how many were read, and of how many only a name is left. A run of text is no file: nothing
 * says that a file had it.
 */
import type { DeletedFiles } from '../../contracts/ledger.ts'
import type { Db } from '../format/database.ts'

const SQL = `SELECT iif(r.content IS NOT NULL, 'read', 'gone') AS what, count(*) AS entries, sum(max(e.size, 0)) AS bytes
  FROM entry e LEFT JOIN reading r ON r.entry = e.id
  WHERE e.parent IS NULL AND e.status <> 'live' AND e.kind = 'file' AND (r.content IS NOT NULL
    OR coalesce(r.reason, e.walk_reason) IN ('overwritten', 'overwritten-in-part', 'content-not-recorded'))
    AND NOT EXISTS (SELECT 1 FROM entry_attribute a WHERE a.entry = e.id AND a.code = 'text-run')
  GROUP BY what`

export function deletedFiles(db: Db): DeletedFiles {
  const rows = db.prepare(SQL).all() as {
    readonly what: string
    readonly entries: number
    readonly bytes: number
  }[]
  const of = (wanted: string) => {
    const { entries = 0, bytes = 0 } = rows.find(({ what }) => what === wanted) ?? {}
    return { entries, bytes }
  }
  return { read: of('read'), gone: of('gone') }
}
