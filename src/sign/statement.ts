/**
 * The seal statement: one small text with ledger, digests, heads and outputs, which persons sign and time-stamp.
 *
 * The custody log contains it, and it is written to a file. A person who rewrites ledger and log together cannot
 * rewrite a copy that was signed, stamped or kept elsewhere.
 */

import { VERSION } from '../base/version.ts'
import type { LedgerReader } from '../contracts/ledger-reader.ts'

const STATEMENT_ABOUT = 'seized seal statement 1'

export interface StatedOutput {
  /** Base name. */
  readonly file: string
  /** Lower-case hex. */
  readonly sha256: string
}

/** @param ledgerSha256 SHA-256 of the sealed file @param custodyHead head of the last event before the statement */
export function statementText(
  ledger: LedgerReader,
  ledgerSha256: string,
  custodyHead: string,
  outputs: readonly StatedOutput[],
  at: Date,
): string {
  const { evidenceDigest, analysisDigest, utc } = ledger.seal!
  const { caseId, exhibitId, examiner } = ledger.case
  const parts = ledger.starts()[0]?.parts.find(({ kind }) => kind === 'all-files')
  return `${JSON.stringify(
    {
      about: STATEMENT_ABOUT,
      case: caseId,
      exhibit: exhibitId,
      examiner,
      sealedUtc: utc,
      statedUtc: at.toISOString(),
      evidenceDigest,
      analysisDigest,
      inventoryDigest: ledger.inventoryDigest(),
      chainHead: ledger.chainHead,
      custodyHead,
      ledgerSha256,
      outputs,
      examinedWith: `seized ${ledger.tool.seized ?? ''}`,
      programSha256: parts?.sha256 ?? null,
      statedWith: `seized ${VERSION}`,
    },
    null,
    2,
  )}\n`
}

export interface StatedFacts {
  readonly evidenceDigest: string
  readonly analysisDigest: string
  readonly inventoryDigest: string
  readonly chainHead: string
  readonly ledgerSha256: string
  readonly case: string
  readonly exhibit: string
}

const COMPARED = {
  case: 'case number',
  exhibit: 'exhibit number',
  evidenceDigest: 'evidence digest',
  analysisDigest: 'analysis digest',
  inventoryDigest: 'inventory digest',
  chainHead: 'chain head',
  ledgerSha256: 'SHA-256 of the file',
} as const satisfies Record<keyof StatedFacts, string>

/**
 * @param custodyHeads every head of the custody log before the statement
 * @returns a sentence for each false claim of the statement
 */
export function statementProblems(
  text: string,
  facts: StatedFacts,
  custodyHeads: readonly string[],
): readonly string[] {
  let stated: Readonly<Record<string, unknown>>
  try {
    stated = JSON.parse(text) as Record<string, unknown>
  } catch (error) {
    if (error instanceof SyntaxError) return ['it is no statement: it cannot be read']
    throw error
  }
  if (stated?.about !== STATEMENT_ABOUT)
    return [`it is no statement: it does not begin with "${STATEMENT_ABOUT}"`]
  const wrong = Object.entries(COMPARED)
    .filter(([key]) => stated[key] !== facts[key as keyof StatedFacts])
    .map(([, words]) => `its ${words} is not that of this ledger`)
  const { custodyHead } = stated
  const isKnown = typeof custodyHead === 'string' && [facts.chainHead, ...custodyHeads].includes(custodyHead)
  return isKnown ? wrong : [...wrong, 'the custody head that it names is not in the custody log before it']
}
