/** Delivers a result to the laboratory. The statement that its host signed contains every compared and booked fact. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import { canonicalJson } from '../../base/canonical-json.ts'
import type { Outcome } from '../scan/outcome.ts'
import type { OwnFacts } from '../scan/own-facts.ts'
import type { Claimed } from './claim.ts'
import type { Database } from './database.ts'

/** A host's statement about one attempt. `own` is read from the collected ledger itself. */
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
  /** Base64 signature, and the fingerprint of its key ({@link fingerprintOfKey}). Null: this host does not sign. */
  readonly signature: string | null
  readonly key: string | null
  readonly ledgerPath: string
  /** Legal basis on which `seen` lists every content; null: only contents with a finding. */
  readonly linksBasis: string | null
  readonly seen: readonly { readonly key: Buffer; readonly entries: number; readonly meaning: string }[]
}

/**
 * `superseded`: kept beside the one that counts. `aside`: it fits no attempt of the laboratory; kept, shown, not
 * booked.
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
