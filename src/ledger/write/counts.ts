/** Counts for progress: kept in memory by the writer, counted once in SQL when a ledger is resumed. */
import type { Session } from '../../contracts/session.ts'
import type { Db } from '../format/database.ts'

export type Counts = { -readonly [name in keyof Session['counts']]: Session['counts'][name] }

/**
 * `files` and `bytes` count the entries that the walk left to be read. `hits` are distinct contents on an illegal or
 * of-interest list; `leads` are distinct contents with a score at or above its threshold.
 * `notDone` are entries whose content could not be read.
 */
export function countsOf(db: Db): Counts {
  const one = (sql: string) => db.prepare(sql).safeIntegers().get() as Record<string, bigint>
  const walked = one(`SELECT count(*) AS n, ifnull(sum(size), 0) AS bytes FROM entry
    WHERE parent IS NULL AND walk_result IS NULL`)
  const read = one(`SELECT count(*) AS n, ifnull(sum(bytes_read), 0) AS bytes,
      count(*) FILTER (WHERE result = 'not-done') AS not_done
    FROM reading JOIN entry ON entry.id = reading.entry WHERE entry.parent IS NULL`)
  return {
    entries: Number(one('SELECT count(*) AS n FROM entry').n),
    files: Number(walked.n),
    bytes: walked.bytes!,
    read: Number(read.n),
    bytesRead: read.bytes!,
    hits: Number(one("SELECT count(DISTINCT content) AS n FROM hit WHERE meaning <> 'known'").n),
    leads: Number(
      one('SELECT count(DISTINCT content) AS n FROM score WHERE score_per_10k >= threshold_per_10k').n,
    ),
    notDone:
      Number(read.not_done) +
      Number(one("SELECT count(*) AS n FROM entry WHERE walk_result = 'not-done'").n) +
      Number(
        one(`SELECT count(*) AS n FROM reading JOIN entry ON entry.id = reading.entry
          WHERE entry.parent IS NOT NULL AND result = 'not-done'`).n,
      ),
  }
}
