/** Adds ledgers to a case: their place and heads, no copy. All are added, or none. */
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { CustodyEvent } from '../contracts/custody.ts'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../contracts/ledger-reader.ts'
import { readFirstHead } from '../ledger/read/first-head.ts'
import { type CaseExhibit, type CaseState, type CommandEvent, eventBy, stateOf } from './case-event.ts'
import { appendToCase, readCaseLog } from './case-folder.ts'
import { fileOf, fromFolder, isLink } from './exhibit-file.ts'

export type AddedLedger = LedgerIdentity & ExaminationFacts & CustodyRecord

export interface Adding {
  readonly operator: string | null
  /** A person said that ledgers of other case numbers belong to this case. */
  readonly otherNumbers: boolean
}

/**
 * @param ledgers verified by the caller
 * @throws UsageError for an exhibit that the case holds already, a ledger of another case number, a link
 */
export function addExhibits(
  root: string,
  ledgers: readonly AddedLedger[],
  adding: Adding,
): readonly CustodyEvent[] {
  return appendToCase(root, () => {
    const state = stateOf(readCaseLog(root))!
    const known = new Map(state.exhibits.map((one) => [one.exhibit, one]))
    return ledgers.map((ledger) => {
      const event = addingOf(root, ledger, state, known.get(ledger.case.exhibitId), adding)
      known.set(ledger.case.exhibitId, exhibitOf(root, ledger))
      return eventBy(event)
    })
  })
}

function addingOf(
  root: string,
  ledger: AddedLedger,
  { caseNumber }: CaseState,
  known: CaseExhibit | undefined,
  { operator, otherNumbers }: Adding,
): CommandEvent {
  const { path } = ledger
  const { caseId } = ledger.case
  if (isLink(path)) throw new UsageError(`${printText(path)} is a link: give the ledger itself.`)
  if (caseId !== caseNumber && !otherNumbers)
    throw new UsageError(
      `${printText(path)} is of case ${printText(caseId)}, and this is case ${printText(caseNumber)}: with --other-case it is added all the same, and the log says so.`,
    )
  const one = exhibitOf(root, ledger)
  if (known !== undefined) return movedOf(root, one, known, operator)
  const { caseNumber: ledgerCase, ...said } = one
  const { addedUtc: _, ...detail } = said
  return { event: 'exhibit-added', operator, detail: { ...detail, ledgerCase } }
}

/** The ledger of the exhibit at another place, where the file is gone from the recorded one. @throws UsageError */
function movedOf(root: string, now: CaseExhibit, known: CaseExhibit, operator: string | null): CommandEvent {
  const exhibit = printText(now.exhibit)
  const before = fileOf(root, known)
  if (now.firstHead !== known.firstHead)
    throw new UsageError(
      `The case holds another ledger of exhibit ${exhibit}, ${printText(known.path)}: an exhibit has one ledger in a case (seized diff compares two).`,
    )
  if (before.is === 'here')
    throw new UsageError(`The case holds exhibit ${exhibit} already, at ${printText(before.path)}.`)
  const { path, fromFolder: beside } = now
  return {
    event: 'exhibit-moved',
    operator,
    detail: { exhibit: now.exhibit, path, fromFolder: beside, before: known.path },
  }
}

function exhibitOf(root: string, ledger: AddedLedger): CaseExhibit {
  return {
    exhibit: ledger.case.exhibitId,
    caseNumber: ledger.case.caseId,
    path: ledger.path,
    fromFolder: fromFolder(root, ledger.path),
    firstHead: readFirstHead(ledger.path),
    chainHead: ledger.chainHead,
    custodyHead: ledger.newestHead(),
    addedUtc: '',
  }
}
