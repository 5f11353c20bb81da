/**
 * The statement of a case: one small text with the heads and digests of every ledger, which persons sign and time-stamp
 * as they do the seal statement of one ledger (sign/statement.ts). The log of the case contains it.
 */
import { VERSION } from '../base/version.ts'
import type { StatedFacts, StatedOutput } from '../sign/statement.ts'

const ABOUT = 'seized case statement 1'

/** A ledger as the statement names it. */
export interface StatedExhibit extends StatedFacts {
  /** Newest head of its custody log; the chain's where there is no log. */
  readonly custodyHead: string
}

/** @param caseHead head of the last event of the log of the case before the statement */
export function caseStatementText(
  caseNumber: string,
  caseHead: string,
  exhibits: readonly StatedExhibit[],
  outputs: readonly StatedOutput[],
  at: Date,
): string {
  const stated = {
    about: ABOUT,
    case: caseNumber,
    statedUtc: at.toISOString(),
    caseHead,
    exhibits: exhibits.map((one) => ({
      exhibit: one.exhibit,
      ...Object.fromEntries(Object.keys(COMPARED).map((key) => [key, one[key as keyof StatedFacts]])),
      custodyHead: one.custodyHead,
    })),
    outputs,
    statedWith: `seized ${VERSION}`,
  }
  return `${JSON.stringify(stated, null, 2)}\n`
}

const COMPARED = {
  case: 'case number',
  evidenceDigest: 'evidence digest',
  analysisDigest: 'analysis digest',
  inventoryDigest: 'inventory digest',
  chainHead: 'chain head',
  ledgerSha256: 'SHA-256 of the file',
} as const satisfies Partial<Record<keyof StatedFacts, string>>

/** A ledger as it is now. */
export interface FoundExhibit extends StatedFacts {
  /** Every head of its chain and of its custody log. */
  readonly heads: ReadonlySet<string>
}

/**
 * @param found ledgers of the case now; those that were added after the statement are no problem
 * @param caseHeads every head of the log of the case before the statement
 * @returns a sentence for each false claim of the statement
 */
export function caseStatementProblems(
  text: string,
  caseNumber: string,
  found: readonly FoundExhibit[],
  caseHeads: readonly string[],
): readonly string[] {
  const stated = read(text)
  if (stated?.about !== ABOUT) return [`it is no statement of a case: it does not begin with "${ABOUT}"`]
  const exhibits = Array.isArray(stated.exhibits)
    ? (stated.exhibits as Readonly<Record<string, unknown>>[])
    : []
  return [
    ...(stated.case === caseNumber ? [] : ['its case number is not that of this case']),
    ...(typeof stated.caseHead === 'string' && caseHeads.includes(stated.caseHead)
      ? []
      : ['the head of the case that it names is not in the log of the case before it']),
    ...(exhibits.length > 0 ? [] : ['it names no ledger']),
    ...exhibits.flatMap((one) => exhibitProblems(one, found)),
  ]
}

function read(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function exhibitProblems(
  stated: Readonly<Record<string, unknown>>,
  found: readonly FoundExhibit[],
): readonly string[] {
  const name = String(stated?.exhibit)
  const now = found.find(({ exhibit }) => exhibit === name)
  if (now === undefined) return [`it names the exhibit ${name}, whose ledger is not in the case`]
  return [
    ...Object.entries(COMPARED).flatMap(([key, words]) =>
      stated[key] === now[key as keyof StatedFacts]
        ? []
        : [`${name}: its ${words} is not that of the ledger`],
    ),
    ...(now.heads.has(String(stated.custodyHead))
      ? []
      : [`${name}: the custody head that it names is not in the custody log`]),
  ]
}
