/**
 * Which fields and tables enter the digests of a ledger of each format (FORMAT.md, "Digests"). Ledgers of old formats
 * keep their old definitions.
 */
import { FINDINGS } from '../../findings/index.ts'
import type { Table } from '../format/tables.ts'
import { tablesOf } from '../format/tables-of.ts'

export interface DigestForm {
  readonly evidenceDomain: string
  readonly analysisDomain: string
  /** Since format 3: volumes and byte classes, and `status` and `basis` of every entry. */
  readonly ofImages: boolean
  /** Facts, for the evidence digest. */
  readonly exact: readonly Table[]
  /** Findings of the later stages, for the analysis digest. */
  readonly later: readonly Table[]
  /** Findings from names of entries, for the analysis digest. */
  readonly named: readonly Table[]
}

export function digestForm(version: number): DigestForm {
  const tables = tablesOf(version)
  const some = (names: readonly string[]) => tables.filter(({ name }) => names.includes(name))
  return {
    evidenceDomain: `seized evidence digest ${version < 3 ? 1 : 3}`,
    analysisDomain: `seized analysis digest ${version < 3 ? 1 : 3}`,
    ofImages: version >= 3,
    exact: some(EXACT),
    later: some(LATER),
    named: some(['entry_score', 'entry_attribute']),
  }
}

const EXACT: readonly string[] = FINDINGS.filter(({ digest }) => digest === 'facts').map(({ table }) => table)

const LATER: readonly string[] = [...FINDINGS.map(({ table }) => table), 'sign', 'preview']
