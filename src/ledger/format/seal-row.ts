/** Reads the row of a seal. */
import { parseStoredJson } from '../../base/stored-json.ts'
import type { Seal } from '../../contracts/ledger.ts'
import type { Totals } from './coverage.ts'
import type { Db } from './database.ts'

/** The seal with all of its totals, or null when the ledger has no seal yet. */
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
