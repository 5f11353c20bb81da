/**
 * Verifies the log of a case, and each exhibit against what the log recorded at adding. The ledgers themselves are
 * verified as `seized verify` does.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { verifyCustody } from '../ledger/custody/verify-custody.ts'
import { Problems } from '../ledger/format/problems.ts'
import { type VerifyReport, verifyLedger } from '../ledger/verify/verify.ts'
import { type CaseExhibit, type CaseState, stateOf } from './case-event.ts'
import { originOf, readCaseLog } from './case-folder.ts'
import { type ExhibitFile, fileOf } from './exhibit-file.ts'

export interface VerifiedLog {
  /** One sentence each. */
  readonly problems: readonly string[]
  /** Null when the log cannot be read as the log of a case. */
  readonly state: CaseState | null
  readonly events: readonly CustodyEvent[]
  readonly firstHead: string
  readonly heads: ReadonlySet<string>
}

/** @param root as requireCaseFolder gives it */
export function verifyCaseLog(root: string): VerifiedLog {
  const problems = new Problems()
  const events = problems.during('the log of the case cannot be read', () => readCaseLog(root)) ?? []
  const state = stateOf(events)
  if (state === null) problems.add('the log of the case does not begin with the opening of a case')
  const origin = state === null ? null : new Set([originOf(state.caseNumber)])
  const verified = problems.during('the log of the case cannot be checked', () =>
    verifyCustody(root, origin, problems),
  )
  if (events.filter(({ event }) => event === 'case-opened').length > 1)
    problems.add('the log of the case opens it twice')
  const heads = new Set(verified?.heads)
  return { problems: problems.list, state, events, firstHead: verified?.heads[0] ?? '', heads }
}

export interface VerifiedExhibit {
  readonly exhibit: CaseExhibit
  readonly file: ExhibitFile
  /** Null when the file is not the ledger that was added. */
  readonly report: VerifyReport | null
  /** One sentence each. */
  readonly problems: readonly string[]
}

/** @param tell called often with the check that is running */
export function verifyExhibit(
  root: string,
  exhibit: CaseExhibit,
  tell?: (step: string) => void,
): VerifiedExhibit {
  const file = fileOf(root, exhibit)
  if (file.is !== 'here') return { exhibit, file, report: null, problems: [WRONG_FILE[file.is]] }
  const report = verifyLedger(file.path, tell === undefined ? {} : { tell })
  const lost = [
    ...(report.heads.has(exhibit.chainHead)
      ? []
      : ['its chain no longer holds the head that it had at adding']),
    ...(report.heads.has(exhibit.custodyHead)
      ? []
      : ['its custody log no longer holds the head that it had at adding']),
  ]
  return { exhibit, file, report, problems: [...report.problems, ...lost] }
}

export const WRONG_FILE: Readonly<Record<Exclude<ExhibitFile['is'], 'here'>, string>> = {
  missing: 'the ledger is not at its place: seized case add names its new place',
  link: 'a link stands in place of the ledger',
  another: 'another file stands in place of the ledger',
  unreadable: 'the file in place of the ledger cannot be read as a ledger',
}
