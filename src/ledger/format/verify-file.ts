/** Verification of the file itself: SQLite's structure, references, the size. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import type { Db } from './database.ts'
import type { ProblemSink } from './problems.ts'

/** B-trees, indexes and column types, with SQLite's integrity check. */
export function verifyStructure(db: Db, problems: ProblemSink): void {
  for (const row of db.pragma('integrity_check(20)') as { integrity_check: string }[])
    if (row.integrity_check !== 'ok') problems.add(`SQLite: ${row.integrity_check}`)
}

export function verifyReferences(db: Db, problems: ProblemSink): void {
  const rows = db.pragma('foreign_key_check') as { table: string; parent: string }[]
  for (const { table, parent } of rows.slice(0, 5))
    problems.add(`a row of ${table} refers to a row of ${parent} that is not there`)
}

const LOOSE = ['entry', 'folder'].map(
  (table) => `SELECT '${table}' AS what, id FROM ${table} AS node WHERE above <> 0
    AND NOT EXISTS (SELECT 1 FROM entry WHERE id = node.above) AND NOT EXISTS (SELECT 1 FROM folder WHERE id = node.above)`,
)

/**
 * Since format 3: every name lies below a node that was recorded before it, and the byte classes add up to the image's
 * size.
 */
export function verifyTree(db: Db, problems: ProblemSink): void {
  const loose = db.prepare(`${LOOSE.join(' UNION ALL ')} LIMIT 5`).all() as { what: string; id: number }[]
  for (const { what, id } of loose) problems.add(`${what} ${id} lies below a name that is not there`)
  const size = db.prepare('SELECT size FROM image').pluck().get() as number | undefined
  const sum = db.prepare('SELECT sum(bytes) FROM byte_class').pluck().get() as number | null
  if (sum !== null && sum !== (size ?? 0))
    problems.add(`the classes of bytes add up to ${sum}, the image has ${size ?? 0} bytes`)
  const wrong = db.prepare(`${IMPOSSIBLE_SAMPLES} LIMIT 5`).pluck().all() as (number | null)[]
  for (const volume of wrong)
    problems.add(
      `the sample of volume ${volume ?? '(none)'} counts more than it drew, or drew more than there is`,
    )
}

const IMPOSSIBLE_SAMPLES = `SELECT volume FROM sample
  WHERE drawn > blocks OR "read" > drawn OR empty + matched > "read" OR min(block, drawn, empty, matched) < 0`

/**
 * No bytes may follow the last page: the file size is the header's page count times the page size (SQLite file format
 * §1.3).
 */
export function verifyFileSize(path: string, problems: ProblemSink): void {
  const header = Buffer.alloc(32)
  const file = openSync(path, 'r')
  try {
    readSync(file, header, 0, header.length, 0)
  } finally {
    closeSync(file)
  }
  const stated = header.readUInt16BE(16)
  const pageBytes = stated === 1 ? 65536 : stated
  const { size } = statSync(path)
  if (size !== pageBytes * header.readUInt32BE(28))
    problems.add(`the file has ${size} bytes, its header says ${pageBytes * header.readUInt32BE(28)}`)
}
