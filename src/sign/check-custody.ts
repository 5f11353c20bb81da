/** Checks every voucher in a custody log without a network: statements, signatures, time stamps. */
import { UsageError } from '../base/errors.ts'
import type { CustodyEvent, SignatureFact, StatementFact, TimeStampFact } from '../contracts/custody.ts'
import { nameOf, problemOf, validityProblem } from './certificates.ts'
import { NotDer } from './der.ts'
import { checkSignature, type Trusted } from './signatures.ts'
import { type StatedFacts, statementProblems } from './statement.ts'
import { checkTimeStamp } from './time-stamp.ts'

export interface Vouched {
  /** A sentence each. */
  readonly problems: readonly string[]
  /** Missing or unchecked vouchers. */
  readonly notes: readonly string[]
  /** Vouchers that were verified. */
  readonly lines: readonly string[]
}

/** @param events the whole custody log, in order */
export function checkCustodyVouchers(
  events: readonly CustodyEvent[],
  facts: StatedFacts,
  trusted: Trusted | null,
): Vouched {
  return checkVouchers(events, (text, before) => statementProblems(text, facts, before), trusted)
}

/**
 * The same for the log of a case.
 * @param problemsOf a sentence for each false claim of a statement; `before`: every head of the log before it
 */
export function checkVouchers(
  events: readonly CustodyEvent[],
  problemsOf: (text: string, before: readonly string[]) => readonly string[],
  trusted: Trusted | null,
  name: 'seal statement' | 'case statement' = 'seal statement',
): Vouched {
  const [problems, notes, lines]: [string[], string[], string[]] = [[], [], []]
  const statements = eventsWith<StatementFact>(events, 'statement')
  const signatures = eventsWith<SignatureFact>(events, 'signature')
  const stamps = eventsWith<TimeStampFact>(events, 'time-stamp')
  for (const { number, utc, fact } of statements) {
    const wrong = problemsOf(
      fact.text,
      events.filter((event) => event.number < number).map(({ head }) => head),
    )
    for (const one of wrong) problems.push(`${name} ${number}: ${one}`)
    if (wrong.length === 0) lines.push(`${name} ${number}, ${utc}: agrees with ${AGREES_WITH[name]}`)
  }
  for (const { number, utc, fact } of signatures) {
    const statement = statements.find((one) => one.number === fact.statement && one.number < number)
    if (!statement) {
      problems.push(`signature ${number}: the statement ${fact.statement} that it signs is not in the log`)
      continue
    }
    const checked = checkSignature(statement.fact.text, fact, new Date(utc), trusted)
    for (const one of checked.problems) problems.push(`signature ${number} of ${checked.by}: ${one}`)
    for (const one of checked.notes) notes.push(`signature ${number}: ${one}`)
    if (checked.problems.length === 0)
      lines.push(`signature ${number} of statement ${statement.number}, ${utc}: holds, ${checked.by}`)
  }
  for (const { number, utc, fact } of stamps) {
    const statement = statements.find((one) => one.number === fact.statement && one.number < number)
    if (!statement) {
      problems.push(`time stamp ${number}: the statement ${fact.statement} that it is of is not in the log`)
      continue
    }
    const checked = checkedStamp(statement.fact.text, fact, trusted)
    if (typeof checked === 'string') problems.push(`time stamp ${number}: ${checked}`)
    else {
      lines.push(`time stamp ${number} of statement ${statement.number}: ${checked.at} by ${checked.by}`)
      if (Date.parse(checked.at) > Date.parse(utc) + CLOCK_MS)
        notes.push(
          `time stamp ${number} is of ${checked.at}, later than the machine's clock when it was taken in (${utc})`,
        )
      if (trusted === null)
        notes.push(
          `time stamp ${number}: who stands behind ${checked.by} was not checked: give --trust with the authority's certificate`,
        )
    }
  }
  return { problems, notes: [...missing(name, statements, signatures, stamps), ...notes], lines }
}

/** Tolerance between clocks, in milliseconds. */
const CLOCK_MS = 300_000

/** @returns a sentence when the time stamp does not verify */
export function checkedStamp(
  text: string,
  { request, response }: Pick<TimeStampFact, 'request' | 'response'>,
  trusted: Trusted | null,
): { readonly at: string; readonly by: string } | string {
  try {
    const { at, certificate, certificates } = checkTimeStamp(response, Buffer.from(text), request)
    const problem =
      trusted === null
        ? validityProblem(certificate, at)
        : problemOf(certificate, certificates, trusted.certificates, at)
    return problem ?? { at: at.toISOString(), by: nameOf(certificate) }
  } catch (error) {
    if (error instanceof NotDer) return error.message
    throw error
  }
}

const AGREES_WITH = {
  'seal statement': 'ledger, digests and custody log',
  'case statement': 'every ledger, its digests and its custody log',
} as const

function missing(
  name: keyof typeof AGREES_WITH,
  statements: readonly { readonly number: number }[],
  signatures: readonly { readonly fact: SignatureFact }[],
  stamps: readonly { readonly fact: TimeStampFact }[],
): readonly string[] {
  const last = statements.at(-1)?.number
  if (last === undefined)
    return [
      `There is no ${name}: nothing is signed or time-stamped, and a full rewrite of ledger and log together would not be seen (seized seal-statement).`,
    ]
  return [
    ...(signatures.some(({ fact }) => fact.statement === last)
      ? []
      : [`Nobody signed the newest ${name}, ${last} (seized sign).`]),
    ...(stamps.some(({ fact }) => fact.statement === last)
      ? []
      : [`The newest ${name}, ${last}, has no time stamp (seized timestamp).`]),
  ]
}

type EventWith<F> = Omit<CustodyEvent, 'fact'> & { readonly fact: F }

export function eventsWith<F extends NonNullable<CustodyEvent['fact']>>(
  events: readonly CustodyEvent[],
  kind: F['kind'],
): readonly EventWith<F>[] {
  return events.filter(({ fact }) => fact?.kind === kind) as unknown as readonly EventWith<F>[]
}

/** @throws UsageError when there is no statement */
export function newestStatement(events: readonly CustodyEvent[]): EventWith<StatementFact> {
  const newest = eventsWith<StatementFact>(events, 'statement').at(-1)
  if (newest) return newest
  throw new UsageError(
    'There is no seal statement in the custody log yet: make it with seized seal-statement.',
  )
}
