/** Contents of which a report says how many there are, and that no stage counts by itself. */
import type { Db } from '../format/database.ts'

/** That each known list suppressed. */
export function suppressedContents(
  db: Db,
): readonly { readonly hashSet: string; readonly contents: number }[] {
  return db
    .prepare(
      `SELECT suppressed_by AS hashSet, count(*) AS contents FROM content
       WHERE suppressed_by IS NOT NULL GROUP BY suppressed_by ORDER BY suppressed_by`,
    )
    .all() as { hashSet: string; contents: number }[]
}

/** That no model looked at, because each shares the look of another one. */
export function contentsWithASharedLook(db: Db): number {
  return db
    .prepare("SELECT count(DISTINCT content) FROM attribute WHERE code = 'look-shared'")
    .pluck()
    .get() as number
}
