/** Counts of contents for reports that no stage counts by itself. */
import type { GeneratorSign } from '../../contracts/view.ts'
import { attribute } from '../../findings/attribute.ts'
import type { FindingRow } from '../../findings/finding-kind.ts'
import type { Db } from '../format/database.ts'

export { fileLocks } from './file-locks.ts'

/** Contents that each known list suppressed. */
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

/** Contents that no model analysed, because each reuses the media analysis of another content (earlier builds). */
export function contentsWithASharedLook(db: Db): number {
  return db
    .prepare("SELECT count(DISTINCT content) FROM attribute WHERE code = 'look-shared'")
    .pluck()
    .get() as number
}

/** Numbers that belong to a single file are removed, so that files of one kind count together. */
const OF_ONE = "json_remove(params, '$.pictures', '$.tensors')"

/**
 * Signs of programs that generate pictures. Places of models (`model-place`) are counted by entries, because a name may
 * have no content that was read.
 */
export function generatorSigns(db: Db): readonly GeneratorSign[] {
  const rows = db
    .prepare(
      `SELECT code, ${OF_ONE} AS params, count(DISTINCT content) AS count FROM attribute
       WHERE code IN ('generator-file', 'model-file', 'generator-text') GROUP BY 1, 2
       UNION ALL SELECT code, params, count(DISTINCT entry) FROM entry_attribute WHERE code = 'model-place' GROUP BY 1, 2
       ORDER BY 3 DESC, 1, 2 LIMIT 100`,
    )
    .all() as (FindingRow & { readonly count: number })[]
  return rows.map((row) => ({ sign: attribute.fromRow(row), count: row.count }))
}
