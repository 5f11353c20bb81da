/** The log of a case: verified before a command uses it, and its heads in the journal of heads. */
import { statSync } from 'node:fs'
import { LedgerDamaged, UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { CaseDecisions } from '../../case/case-decisions.ts'
import { type CaseState, type CommandEvent, eventBy } from '../../case/case-event.ts'
import { appendToCase, isCaseFolder, requireCaseFolder } from '../../case/case-folder.ts'
import { takeInMarks } from '../../case/case-marks.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { type VerifiedLog, verifyCaseLog, WRONG_FILE } from '../../case/verify-case.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { CustodyUnavailable, newestCustodyHead } from '../../ledger/custody/custody.ts'
import type { CaseLog } from '../../report/court/record.ts'
import { plural } from '../../report/texts/format.ts'
import { type Compared, compareWithSeen, noteHead } from './heads.ts'

export interface OpenedCase {
  readonly root: string
  readonly state: CaseState
  /** First event of the log. */
  readonly opening: CustodyEvent
  readonly events: readonly CustodyEvent[]
}

/** @param heads value of `--heads` @throws UsageError for a folder that is no case; LedgerDamaged */
export function openedCase(folder: string, heads: string | undefined): OpenedCase {
  const root = requireCaseFolder(folder)
  const log = verifyCaseLog(root)
  const problems = [...log.problems, ...comparedCase(root, log, heads).problems]
  if (problems.length > 0 || log.state === null)
    throw new LedgerDamaged(
      `${printText(folder)}: the log of the case does not verify, so nothing is made of it: ${problems.slice(0, 3).join('; ')}. seized case init --from makes a case again from the ledgers of its exhibits.`,
    )
  return { root, state: log.state, opening: log.events[0]!, events: log.events }
}

/**
 * Paths of the ledgers of a case; of a ledger, its own path.
 * @throws UsageError for a case without exhibits and for a folder that is no case; LedgerDamaged where a ledger is not what was added: an output without it
 * would be taken for the whole case
 */
export function ledgersOf(named: string, heads: string | undefined): readonly string[] {
  if (!isCaseFolder(named)) {
    if (statSync(named, { throwIfNoEntry: false })?.isDirectory() === true)
      throw new UsageError(
        `${printText(named)} is a folder and no case: name the ledgers in it, or make a case of them (seized case init --from).`,
      )
    return [named]
  }
  const { root, state } = openedCase(named, heads)
  if (state.exhibits.length === 0)
    throw new UsageError(`${printText(named)} holds no exhibit: seized case add takes ledgers.`)
  return state.exhibits.map((exhibit) => {
    const { is, path } = fileOf(root, exhibit)
    if (is !== 'here')
      throw new LedgerDamaged(`${printText(exhibit.exhibit)} (${printText(path)}): ${WRONG_FILE[is]}.`)
    return path
  })
}

/** The case, where its folder alone was named; null otherwise. */
export function wholeCase(named: readonly string[], heads: string | undefined): CaseLog | null {
  if (named.length !== 1 || !isCaseFolder(named[0]!)) return null
  const { state, events } = openedCase(named[0]!, heads)
  return { caseNumber: state.caseNumber, events, head: events.at(-1)!.head }
}

/** Logs an act on the whole case. @param heads value of `--heads` */
export function recordInCase(folder: string, event: CommandEvent, heads: string | undefined): CustodyEvent {
  const { root, opening } = openedCase(folder, heads)
  const [made] = appendToCase(root, [eventBy(event)])
  noteCaseHead(root, opening, made!.head, heads)
  return made!
}

/** The same in every case among the named ledgers and folders. */
export function recordInCases(
  named: readonly string[],
  event: CommandEvent,
  heads: string | undefined,
): void {
  for (const folder of named) if (isCaseFolder(folder)) recordInCase(folder, event, heads)
}

/** Events of the logs of the cases among the named ledgers and folders. */
export function eventsOfCases(
  named: readonly string[],
  heads: string | undefined,
): readonly (readonly CustodyEvent[])[] {
  return named.filter(isCaseFolder).map((folder) => openedCase(folder, heads).events)
}

/** Against the heads that this installation has seen: an end that was cut off shows there alone. */
export function comparedCase(
  root: string,
  { firstHead, heads: known }: Pick<VerifiedLog, 'firstHead' | 'heads'>,
  heads: string | undefined,
): Compared {
  return firstHead === ''
    ? { problems: [], notes: [] }
    : compareWithSeen(root, { firstHead, heads: known }, heads)
}

/** Puts a head of the case into the journal, and prints it for the paper record. */
export function noteCaseHead(
  root: string,
  { head: first }: CustodyEvent,
  head: string,
  heads: string | undefined,
): void {
  noteHead(root, head, heads, first)
  process.stderr.write(`case head        ${head}\n`)
}

/** Decisions of the case and of its ledgers, brought together. @returns sentences for the person; empty: nothing to do */
export function settleDecisions(opened: OpenedCase, heads: string | undefined): readonly string[] {
  const { root, state, opening } = opened
  const exhibits = state.exhibits.map((exhibit) => ({
    exhibit: exhibit.exhibit,
    path: fileOf(root, exhibit).path,
  }))
  const decisions = new CaseDecisions(root, state.caseNumber, exhibits)
  try {
    const taken = decisions.takeIn()
    const { copies, ledgers, failed } = decisions.spread()
    const marks = takeInMarks(root, exhibits)
    if (taken + marks > 0) noteCaseHead(root, opening, newestCustodyHead(root) ?? '', heads)
    if (copies > 0) for (const { path } of exhibits) noteHead(path, newestCustodyHead(path) ?? '', heads)
    if (failed.length > 0)
      throw new CustodyUnavailable(
        `Decisions of the case could not be written everywhere: ${failed.join('; ')}`,
      )
    return [
      ...(taken === 0 ? [] : [`${plural(taken, 'decision')} of single ledgers taken into the case.`]),
      ...(marks === 0
        ? []
        : [
            `${plural(marks, 'mark')} of single ledgers taken into the case (second looks, tags, notes, rescue).`,
          ]),
      ...(copies === 0
        ? []
        : [
            `${plural(copies, 'decision')} written into ${plural(ledgers, 'ledger')} that held the content and not the decision.`,
          ]),
    ]
  } finally {
    decisions.close()
  }
}
