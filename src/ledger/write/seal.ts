/** The seal: both digests and the totals, as the last row of a ledger. */

import { parseStoredJson, storedJson } from '../../base/stored-json.ts'
import type { Seal } from '../../contracts/ledger.ts'
import type { Digested } from '../digests/digests.ts'
import type { Totals } from '../format/coverage.ts'
import type { Db } from '../format/database.ts'
import type { Put } from './appender.ts'

export function putSeal(
  put: Put,
  { evidenceDigest, analysisDigest, inventoryDigest, ...totals }: Digested,
  { utc, account }: { readonly utc: string; readonly account: string },
): void {
  put('event', [utc, 'sealed', account, storedJson({})])
  put('seal', [1, utc, evidenceDigest, analysisDigest, inventoryDigest, storedJson(totals)])
}

/** The seal with all of its totals, or null when the ledger has none yet. */
export function readSeal(db: Db): (Seal & Totals) | null {
  const row = db
    .prepare('SELECT utc, evidence_digest, analysis_digest, inventory_digest, summary FROM seal')
    .get() as SealRow | undefined
  if (!row) return null
  return {
    utc: row.utc,
    evidenceDigest: row.evidence_digest.toString('hex'),
    analysisDigest: row.analysis_digest.toString('hex'),
    inventoryDigest: row.inventory_digest?.toString('hex') ?? null,
    ...(parseStoredJson(row.summary) as Totals),
  }
}

interface SealRow {
  readonly utc: string
  readonly evidence_digest: Buffer
  readonly analysis_digest: Buffer
  readonly inventory_digest: Buffer | null
  readonly summary: string
}
