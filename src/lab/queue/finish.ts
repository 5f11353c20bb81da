/** Brings a result to the laboratory: all that is compared and booked stands in the statement that its host signed. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Outcome } from '../scan/outcome.ts'
import type { OwnFacts } from '../scan/own-facts.ts'
import type { Claimed } from './claim.ts'
import type { Database } from './database.ts'

/** What a host says of one attempt. The ledger speaks for itself: `own` is read from the collected file. */
export interface Statement
  extends Pick<Claimed, 'lab' | 'attempt' | 'fence'>,
    Pick<Outcome, 'counts' | 'image' | 'incomplete' | 'message'>,
    Readonly<Record<'case' | 'exhibit' | 'order' | 'host', string>> {
  readonly statement: 2
  readonly exitCode: number | null
  readonly evidence: string | null
  readonly analysis: string | null
  /** Of the ledger's chain. */
  readonly head: string | null
  /** SHA-256 of the ledger. */
  readonly ledger: string | null
  readonly own: OwnFacts
}

export interface Result {
  /** {@link Statement}, canonical. */
  readonly signed: string
  /** Base64, and by which key: {@link fingerprintOfKey}. Null: this host signs nothing. */
  readonly signature: string | null
  readonly key: string | null
  readonly ledgerPath: string
  /** Why `seen` holds every content; null: only those with a finding. */
  readonly linksBasis: string | null
  readonly seen: readonly { readonly key: Buffer; readonly entries: number; readonly meaning: string }[]
}

/**
 * `superseded`: kept beside the one that counts. `aside`: it fits nothing that the laboratory has begun; kept, shown, not booked.
 */
export interface Delivered {
  readonly ends: 'finished' | 'superseded' | 'aside'
  readonly why?: string
}

/** All in one transaction. */
export function finish(
  database: Database,
  { signed, signature, key, ledgerPath, linksBasis, seen }: Result,
): Promise<Delivered> {
  return database.transaction(async (asker) => {
    const [row] = await asker.rows<{ delivered: Delivered & { readonly again?: boolean } }>(
      'SELECT lab.finish($1, $2, $3, $4, $5) AS delivered',
      [signed, signature, key, ledgerPath, linksBasis],
    )
    const { ends, again, why } = row!.delivered
    if (ends === 'finished' && !again) {
      const { attempt } = JSON.parse(signed) as Statement
      for (let i = 0; i < seen.length; i += ROWS_AT_ONCE) {
        const some = seen.slice(i, i + ROWS_AT_ONCE)
        await asker.rows('SELECT lab.add_seen($1, $2, $3, $4)', [
          attempt,
          some.map((one) => one.key),
          some.map(({ entries }) => entries),
          some.map(({ meaning }) => meaning),
        ])
      }
    }
    return { ends, ...(why !== undefined && { why }) }
  })
}

const ROWS_AT_ONCE = 10_000

export function signedText(statement: Statement): string {
  return canonicalJson(statement)
}

/** SHA-256 of the key's SubjectPublicKeyInfo, as the database computes it from PEM. */
export function fingerprintOfKey(key: KeyObject | string): string {
  const spki = (typeof key === 'string' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex')
}
