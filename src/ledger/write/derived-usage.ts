/** How much was derived from one file of the exhibit so far; container limits are compared with it. */
import { DERIVED_STEPS } from '../../contracts/entry.ts'
import type { Db } from '../format/database.ts'

const DERIVED = DERIVED_STEPS.map((step) => `'${step}'`).join(', ')

const BELOW = `
  WITH RECURSIVE below (id) AS (
    SELECT id FROM entry WHERE above = @entry AND step IN (${DERIVED}) AND depth <= @mostDepth
    UNION ALL SELECT entry.id FROM below JOIN entry ON entry.above = below.id WHERE entry.depth <= @mostDepth
  )
  SELECT count(*) AS entries, ifnull(sum(reading.bytes_read), 0) AS bytes
  FROM below LEFT JOIN reading ON reading.entry = below.id`

/**
 * Entries below a file of the exhibit, and the bytes that were read of them. @param entry null when it is not recorded
 */
export function derivedUsage(
  db: Db,
  entry: number | null,
  mostDepth: number,
): { entries: number; bytes: bigint } {
  const row = db.prepare(BELOW).safeIntegers().get({ entry, mostDepth }) as Record<
    'entries' | 'bytes',
    bigint
  >
  return { entries: Number(row.entries), bytes: row.bytes }
}
