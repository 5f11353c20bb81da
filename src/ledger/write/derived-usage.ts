/** How much was derived from one file of the exhibit so far: what container limits are measured against. */
import type { EvidencePath } from '../../contracts/entry.ts'
import type { Db } from '../format/database.ts'

/** Entries below a file of the exhibit, and the bytes that were read of them. */
export function derivedUsage(
  db: Db,
  path: EvidencePath,
  mostSteps: number,
): { entries: number; bytes: bigint } {
  // What lies in a file begins with its path and a zero byte, and no name holds a zero byte.
  const [from, to] = [0, 1].map((byte) => Buffer.concat([path.bytes, Buffer.from([byte])]))
  const row = db
    .prepare(`SELECT count(*) AS entries, ifnull(sum(reading.bytes_read), 0) AS bytes
      FROM entry LEFT JOIN reading ON reading.entry = entry.id WHERE entry.path >= ? AND entry.path < ?
        AND entry.steps <= ?`)
    .safeIntegers()
    .get(from, to, mostSteps) as Record<'entries' | 'bytes', bigint>
  return { entries: Number(row.entries), bytes: row.bytes }
}
