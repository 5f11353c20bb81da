/**
 * The fence. An exhibit has a result when its newest attempt ends with one; what an older attempt brings later is kept beside it
 * and never merged.
 */
import type { Outcome } from '../scan/outcome.ts'
import type { Claimed } from './claim.ts'
import type { Asker, Database } from './database.ts'
import { note } from './note.ts'

export interface Result {
  readonly outcome: Outcome
  readonly ledgerPath: string
  /** What was signed, as text, and the signature, base64. */
  readonly signed: string
  readonly signature: string | null
  /** Why `seen` holds every content; null: only those with a finding. */
  readonly linksBasis: string | null
  readonly seen: readonly { readonly key: Buffer; readonly entries: number; readonly meaning: string }[]
}

/**
 * The fence: all in one transaction, and only while no newer attempt was begun and the exhibit still waits for a result.
 * @returns superseded: the result is kept beside the one that counts
 */
export function finish(
  database: Database,
  { fence, id }: Pick<Claimed, 'fence' | 'id'>,
  { outcome, ledgerPath, signed, signature, seen, linksBasis }: Result,
): Promise<'finished' | 'superseded'> {
  return database.transaction(async (asker) => {
    const [exhibit] = await asker.rows<{ state: string }>(
      'SELECT state FROM lab.exhibit WHERE id = $1 FOR UPDATE',
      [id],
    )
    const [newest] = await asker.rows<{ fence: string }>(
      'SELECT max(fence) AS fence FROM lab.attempt WHERE exhibit = $1',
      [id],
    )
    const [known] = await asker.rows<{ superseded: boolean }>(
      'SELECT superseded FROM lab.outcome WHERE fence = $1',
      [fence],
    )
    // Delivered before, and the answer was lost on the way.
    if (known !== undefined) return known.superseded ? 'superseded' : 'finished'
    const counts = newest?.fence === fence && (exhibit?.state === 'claimed' || exhibit?.state === 'waiting')
    await asker.rows(
      `INSERT INTO lab.outcome (fence, exit_code, evidence_digest, analysis_digest, chain_head, ledger_sha256, ledger_path,
         counts, signed, signature, superseded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[fence, outcome.exitCode, outcome.evidenceDigest, outcome.analysisDigest, outcome.chainHead],
        ...[outcome.ledgerSha256, ledgerPath, JSON.stringify(outcome.counts), signed, signature, !counts],
      ],
    )
    await note(asker, counts ? 'finished' : 'superseded', {
      id,
      fence,
      exitCode: outcome.exitCode,
      evidence: outcome.evidenceDigest,
      ledger: outcome.ledgerSha256,
      image: outcome.image,
      ...(linksBasis !== null && { everyContentComparedUnder: linksBasis }),
    })
    if (!counts) return 'superseded'
    await asker.rows(
      "UPDATE lab.attempt SET state = 'finished', ended = now(), code = NULL, message = $2 WHERE fence = $1",
      [fence, outcome.message],
    )
    await asker.rows("UPDATE lab.exhibit SET state = 'finished' WHERE id = $1", [id])
    await addSeen(asker, id, seen)
    return 'finished'
  })
}

const ROWS_AT_ONCE = 10_000

/** Two exhibits that end at once do not miss what they share: a note in the audit lets one transaction in after the other. */
async function addSeen(asker: Asker, id: string, seen: Result['seen']): Promise<void> {
  for (let i = 0; i < seen.length; i += ROWS_AT_ONCE) {
    const some = seen.slice(i, i + ROWS_AT_ONCE)
    const keys = some.map(({ key }) => key)
    await asker.rows(
      `INSERT INTO lab.seen SELECT k, $1, n, m FROM unnest($2::bytea[], $3::int[], $4::text[]) AS u(k, n, m)
       ON CONFLICT DO NOTHING`,
      [id, keys, some.map(({ entries }) => entries), some.map(({ meaning }) => meaning)],
    )
    await asker.rows(
      `INSERT INTO lab.shared SELECT k FROM unnest($2::bytea[]) AS u(k)
       WHERE EXISTS (SELECT FROM lab.seen s WHERE s.content_key = k AND s.exhibit <> $1) ON CONFLICT DO NOTHING`,
      [id, keys],
    )
  }
}
