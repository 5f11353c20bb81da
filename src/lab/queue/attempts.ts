/** One attempt of one host at one exhibit, while it lasts and when it ends without a result. */
import type { Outcome } from '../scan/outcome.ts'
import type { Claimed } from './claim.ts'
import type { Asker, Database } from './database.ts'
import { note } from './note.ts'
import { LIVE } from './schema.ts'

const AT_WORK = `('${LIVE.join("', '")}')`
export interface Renewed {
  /** False: another attempt was begun, or this one is no longer awaited. */
  readonly isOurs: boolean
  readonly wanted: 'pause' | 'cancel' | null
}

export async function renew(
  asker: Asker,
  fence: string,
  leaseMs: number,
  progress: object | null,
): Promise<Renewed> {
  const [row] = await asker.rows<{ wanted: 'pause' | 'cancel' | null }>(
    `UPDATE lab.attempt SET lease = now() + $2 * interval '1 ms', progress = $3
     WHERE fence = $1 AND state IN ${AT_WORK} RETURNING wanted`,
    [fence, leaseMs, progress === null ? null : JSON.stringify(progress)],
  )
  return { isOurs: row !== undefined, wanted: row?.wanted ?? null }
}

export async function setState(
  asker: Asker,
  fence: string,
  state: 'scanning' | 'collecting',
): Promise<boolean> {
  const rows = await asker.rows(
    `UPDATE lab.attempt SET state = $2 WHERE fence = $1 AND state IN ${AT_WORK} RETURNING fence`,
    [fence, state],
  )
  return rows.length > 0
}

/**
 * Attempts whose lease is over: their exhibit waits for that host until the grace is over, then for any. Right after the database
 * started nobody could renew, so nothing is taken for lost before everybody had the time to.
 */
export function reap(database: Database, leaseMs: number, graceMs: number): Promise<number> {
  return database.transaction(async (asker) => {
    const lost = await asker.rows<{ fence: string; exhibit: string; host: string }>(
      `UPDATE lab.attempt SET state = 'lost', ended = now(), code = 'lost', message = 'its host did not renew it'
       WHERE fence IN (SELECT fence FROM lab.attempt WHERE state IN ${AT_WORK} AND lease < now()
         AND pg_postmaster_start_time() + $1 * interval '1 ms' < now() FOR UPDATE SKIP LOCKED)
       RETURNING fence, exhibit, host`,
      [leaseMs],
    )
    for (const { fence, exhibit, host } of lost) {
      await asker.rows(
        `UPDATE lab.exhibit SET state = 'waiting', prefer_host = $2, prefer_until = now() + $3 * interval '1 ms'
         WHERE id = $1 AND state = 'claimed'`,
        [exhibit, host, graceMs],
      )
      await note(asker, 'lost', { id: exhibit, fence, host })
    }
    return lost.length
  })
}

/** Waits of what did not go through: one, five, thirty minutes. */
const BACK_OFF_S = [60, 300, 1800]
/** A program that ends as it never should does so for a reason: a person looks. */
const MOST_FAILURES = 2

/** Ends an attempt that has no result. @param keepMs for how long the exhibit is kept for this host, whose ledger goes on */
export function giveBack(
  database: Database,
  { fence, id }: Pick<Claimed, 'fence' | 'id'>,
  { state, code, message }: Pick<Outcome, 'state' | 'code' | 'message'>,
  host: string,
  keepMs: number,
): Promise<void> {
  return database.transaction(async (asker) => {
    await asker.rows('SELECT 1 FROM lab.exhibit WHERE id = $1 FOR UPDATE', [id])
    const [attempt] = await asker.rows<{ wanted: string | null }>(
      `SELECT wanted FROM lab.attempt WHERE fence = $1 AND state IN ${AT_WORK}`,
      [fence],
    )
    // Lost meanwhile: whoever found that has put the exhibit back.
    if (attempt === undefined) return
    const ends = attempt.wanted === 'cancel' ? 'cancelled' : state
    await asker.rows(
      'UPDATE lab.attempt SET state = $2, ended = now(), code = $3, message = $4 WHERE fence = $1',
      [fence, ends, code, message],
    )
    const [{ tries } = { tries: 0 }] = await asker.rows<{ tries: number }>(
      'SELECT tries FROM lab.exhibit WHERE id = $1',
      [id],
    )
    const next = nextOf(ends, tries)
    await asker.rows(
      `UPDATE lab.exhibit SET state = $2, tries = $3, not_before = now() + $4 * interval '1 s',
         prefer_host = $5, prefer_until = now() + $6 * interval '1 ms' WHERE id = $1 AND state = 'claimed'`,
      [id, next.state, next.tries, next.afterS, next.keeps ? host : null, keepMs],
    )
    await note(asker, ends, { id, fence, host, code })
  })
}

function nextOf(ended: string, tries: number) {
  if (ended === 'paused') return { state: 'waiting', tries, afterS: 0, keeps: true }
  if (ended === 'try-again')
    return {
      state: 'waiting',
      tries: tries + 1,
      afterS: BACK_OFF_S[Math.min(tries, BACK_OFF_S.length - 1)]!,
      keeps: false,
    }
  if (ended === 'failed' && tries + 1 < MOST_FAILURES)
    return { state: 'waiting', tries: tries + 1, afterS: 5, keeps: true }
  return { state: ended, tries: tries + 1, afterS: 0, keeps: false }
}

/** An exhibit that this host cannot take waits for others. */
export function refuse(
  database: Database,
  { fence, id }: Pick<Claimed, 'fence' | 'id'>,
  host: string,
  why: string,
): Promise<void> {
  return database.transaction(async (asker) => {
    await asker.rows(
      `INSERT INTO lab.misfit (exhibit, host, why) VALUES ($1, $2, $3)
       ON CONFLICT (exhibit, host) DO UPDATE SET why = $3, utc = now()`,
      [id, host, why],
    )
    await asker.rows(
      `UPDATE lab.attempt SET state = 'try-again', ended = now(), code = 'out-of-step', message = $2 WHERE fence = $1 AND state IN ${AT_WORK}`,
      [fence, why],
    )
    await asker.rows("UPDATE lab.exhibit SET state = 'waiting' WHERE id = $1 AND state = 'claimed'", [id])
    await note(asker, 'out-of-step', { id, fence, host })
  })
}
