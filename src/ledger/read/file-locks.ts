/** Locked files of the exhibit: those that a secret opened, and those that stayed closed. */
import { parseStoredJson } from '../../base/stored-json.ts'
import type { AttributeParams } from '../../contracts/attribute.ts'
import { LOCK_CHECKS } from '../../contracts/file-lock.ts'
import type { FileLockGroup } from '../../contracts/view.ts'
import type { Db } from '../format/database.ts'
import { Paths } from './paths.ts'

const OPENED = 'file-lock-opened'
const CLOSED = 'file-lock-closed'

/** Whether a secret opened this content: what it holds is examined as derived entries. */
export function isUnlockedFile(db: Db, contentId: number): boolean {
  return (
    db.prepare(`SELECT 1 FROM attribute WHERE content = +? AND code = '${OPENED}'`).get(contentId) !==
    undefined
  )
}

/** One group for each format and state, closed ones first. */
export function fileLocks(db: Db): readonly FileLockGroup[] {
  const rows = db
    .prepare(
      `SELECT code, params, count(DISTINCT attribute.content) AS files, min(reading.entry) AS first
       FROM attribute JOIN reading ON reading.content = attribute.content
       WHERE code IN ('${OPENED}', '${CLOSED}') GROUP BY code, params ORDER BY code, params`,
    )
    .all() as { code: string; params: string; files: number; first: number }[]
  const paths = new Paths(db)
  const groups = new Map<string, FileLockGroup>()
  for (const { code, params, files, first } of rows) {
    const isOpen = code === OPENED
    const of = parseStoredJson(params) as AttributeParams<typeof OPENED> & AttributeParams<typeof CLOSED>
    const key = `${code} ${of.format} ${isOpen ? of.check : ''}`
    const before = groups.get(key)
    groups.set(key, {
      format: of.format,
      wanted: isOpen ? [] : of.wanted,
      secrets: [...(before?.secrets ?? []), ...(isOpen ? [of.secret] : [])],
      check: isOpen ? (LOCK_CHECKS.find((one) => one === of.check) ?? null) : null,
      files: (before?.files ?? 0) + files,
      first: before?.first ?? paths.of(first),
    })
  }
  return [...groups.values()]
}
