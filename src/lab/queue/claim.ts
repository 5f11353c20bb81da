/** Which exhibit a host takes next, and which it makes room for. */
import type { Asker, Database } from './database.ts'
import { note } from './note.ts'

export interface Claimed {
  readonly fence: string
  readonly id: string
  readonly n: number
  readonly caseId: string
  readonly exhibit: string
  readonly priority: number
  readonly orderDigest: string
  readonly manifest: string
}

export interface Claimer {
  readonly host: string
  readonly memoryGB: number
  readonly leaseMs: number
}

/** An exhibit that is due within two days goes before those that are not. */
export const URGENCY = 'GREATEST(e.priority, CASE WHEN e.due_by <= current_date + 2 THEN 50 ELSE 0 END)'
const CLAIMABLE = `e.state = 'waiting' AND NOT e.held AND e.not_before <= now() AND e.min_memory_gb <= $2
  AND (e.prefer_host IS NULL OR e.prefer_host = $1 OR e.prefer_until < now())
  AND NOT EXISTS (SELECT 1 FROM lab.misfit m WHERE m.exhibit = e.id AND m.host = $1 AND m.utc >= e.asked)`

/** The most urgent that this host may take; null when there is none. */
export function claim(database: Database, { host, memoryGB, leaseMs }: Claimer): Promise<Claimed | null> {
  return database.transaction(async (asker) => {
    const [row] = await asker.rows<{
      id: string
      case_id: string
      name: string
      priority: number
      order_digest: string
      manifest: string
    }>(
      `SELECT e.id, e.case_id, e.name, ${URGENCY} AS priority, e.order_digest, m.text AS manifest
       FROM lab.exhibit e JOIN lab.manifest m ON m.sha256 = e.manifest WHERE ${CLAIMABLE}
       ORDER BY ${URGENCY} DESC, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED`,
      [host, memoryGB],
    )
    if (row === undefined) return null
    const [attempt] = await asker.rows<{ fence: string; n: number }>(
      `INSERT INTO lab.attempt (exhibit, n, host, state, lease)
       SELECT $1, coalesce(max(n), 0) + 1, $2, 'claimed', now() + $3 * interval '1 ms' FROM lab.attempt WHERE exhibit = $1
       RETURNING fence, n`,
      [row.id, host, leaseMs],
    )
    await asker.rows(
      "UPDATE lab.exhibit SET state = 'claimed', prefer_host = NULL, prefer_until = NULL WHERE id = $1",
      [row.id],
    )
    const { fence, n } = attempt!
    await note(asker, 'claimed', { id: row.id, fence, n, host })
    return {
      fence,
      id: row.id,
      n,
      caseId: row.case_id,
      exhibit: row.name,
      priority: row.priority,
      orderDigest: row.order_digest,
      manifest: row.manifest,
    }
  })
}

/** Of an exhibit that waits for room: more urgent than anything that runs here. It is kept for this host. */
export async function callUrgent(
  asker: Asker,
  { host, memoryGB }: Claimer,
  above: number,
  keepMs: number,
): Promise<boolean> {
  const rows = await asker.rows(
    `UPDATE lab.exhibit SET prefer_host = $1, prefer_until = now() + $4 * interval '1 ms' WHERE id = (
       SELECT e.id FROM lab.exhibit e WHERE ${CLAIMABLE} AND e.prefer_host IS NULL AND e.priority >= 100 AND e.priority > $3
         AND e.asked < now() - interval '1 second'
       ORDER BY e.priority DESC, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED) RETURNING id`,
    [host, memoryGB, above, keepMs],
  )
  return rows.length > 0
}
