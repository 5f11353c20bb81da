/** `seized case status` and `seized case verify`: the exhibits of a case as they are now, and as they were added. */
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { CaseDecisions } from '../../case/case-decisions.ts'
import type { CaseExhibit, CaseState } from '../../case/case-event.ts'
import { requireCaseFolder } from '../../case/case-folder.ts'
import { marksLeft } from '../../case/case-marks.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { type ExhibitStatus, exhibitStatus } from '../../case/exhibit-status.ts'
import { assignmentsOf } from '../../case/policy/assignments.ts'
import { type CasePolicy, policyLines } from '../../case/policy/case-policy.ts'
import { dueUnder, type PolicyDue } from '../../case/policy/policy-due.ts'
import { type VerifiedExhibit, verifyCaseLog, verifyExhibit, WRONG_FILE } from '../../case/verify-case.ts'
import { decisionsOf } from '../../ledger/custody/decisions.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import { formatCount, plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_STATUS, CASE_VERIFY } from '../arguments/options-table.ts'
import { comparedCase, openedCase } from '../services/case-folders.ts'
import { vouchersOf } from '../services/case-vouchers.ts'
import { compareWithSeen } from '../services/heads.ts'
import { policyOf } from '../services/policy-of-case.ts'
import { tellOf, verifyFirst } from '../services/verified.ts'

interface Shown {
  readonly exhibit: string
  readonly path: string
  readonly chainHeadAtAdding: string
  readonly custodyHeadAtAdding: string
  /** Null when the ledger cannot be read; `problem` says why. */
  readonly now: ExhibitStatus | null
  readonly problem: string | null
}

/** @returns 0, or 4 when an exhibit is not what was added */
export async function status([folder]: readonly string[], given: Given<typeof CASE_STATUS>): Promise<number> {
  const { root, state, events } = openedCase(folder!, given.heads)
  const shown: Shown[] = []
  for (const exhibit of state.exhibits) shown.push(await shownOf(root, exhibit, given.heads))
  const persons = [...state.persons].map(([person, role]) => ({ person, role }))
  const { caseNumber, openedUtc } = state
  const held = policyOf(state)
  const due = held === null ? null : dueUnder(held, decisionsOf(events))
  const assigned = [...assignmentsOf(events)].map(([person, { exhibits, views }]) => ({
    person,
    exhibits,
    views: views.map(({ name }) => name),
  }))
  const waiting = notTakenIn(root, caseNumber, shown)
  const work = {
    policy: state.policyText === null ? null : JSON.parse(state.policyText),
    due,
    notTakenIn: waiting,
    assigned,
  }
  if (given.json)
    process.stdout.write(
      `${jsonLine({ case: caseNumber, openedUtc, persons, policySha256: state.policySha256, ...work, exhibits: shown })}\n`,
    )
  else
    process.stdout.write(
      asLines(caseNumber, persons, shown, [
        ...workLines(assigned),
        ...dueLines(held, due),
        ...(waiting === 0
          ? []
          : [
              `${plural(waiting, 'decision')} of single ledgers not in the log of the case yet: the next review of the case takes them in`,
            ]),
      ]),
    )
  return shown.some(({ problem }) => problem !== null) ? EXIT.ledgerDamaged : EXIT.complete
}

async function shownOf(root: string, exhibit: CaseExhibit, heads: string | undefined): Promise<Shown> {
  const file = fileOf(root, exhibit)
  const common = {
    exhibit: exhibit.exhibit,
    path: file.path,
    chainHeadAtAdding: exhibit.chainHead,
    custodyHeadAtAdding: exhibit.custodyHead,
  }
  if (file.is !== 'here') return { ...common, now: null, problem: WRONG_FILE[file.is] }
  try {
    await verifyFirst(file.path, { heads, orSealedHere: true })
    const ledger = openLedger(file.path)
    try {
      return { ...common, now: exhibitStatus(ledger, exhibit.custodyHead), problem: null }
    } finally {
      ledger.close()
    }
  } catch (error) {
    if (!(error instanceof Error) || !('exitCode' in error)) throw error
    return { ...common, now: null, problem: error.message }
  }
}

function asLines(
  caseNumber: string,
  persons: readonly { readonly person: string; readonly role: string }[],
  shown: readonly Shown[],
  work: readonly string[],
): string {
  const cells = [
    ['exhibit', 'record', 'coverage', 'contents', 'hits', 'leads', 'decided', 'since adding'],
    ...shown.map(({ exhibit, now }) => [
      printText(exhibit),
      ...(now === null
        ? ['NOT READ', '', '', '', '', '', '']
        : [
            now.state,
            now.complete ? 'complete' : 'incomplete',
            ...[now.contents, now.hits, now.leads, now.decided].map(formatCount),
            plural(now.eventsSince, 'event'),
          ]),
    ]),
  ]
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)))
  return [
    `CASE ${printText(caseNumber)}: ${plural(shown.length, 'exhibit')}`,
    ...persons.map(({ person, role }) => `person ${printText(person)}: ${role}`),
    ...work,
    ...cells.map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    ),
    ...shown.flatMap(({ exhibit, path, problem }) =>
      problem === null ? [] : [`PROBLEM  ${printText(exhibit)} (${printText(path)}): ${printText(problem)}`],
    ),
    '',
  ].join('\n')
}

/** Decisions that somebody made on a ledger by itself. */
function notTakenIn(root: string, caseNumber: string, shown: readonly Shown[]): number {
  const decisions = new CaseDecisions(
    root,
    caseNumber,
    shown.filter(({ now }) => now !== null),
  )
  try {
    return decisions.waiting
  } finally {
    decisions.close()
  }
}

function workLines(
  assigned: readonly {
    readonly person: string
    readonly exhibits: readonly string[]
    readonly views: readonly string[]
  }[],
): string[] {
  return assigned.map(
    ({ person, exhibits, views }) =>
      `assigned to ${printText(person)}: ${[...exhibits.map(printText), ...views.map((one) => `view ${printText(one)}`)].join(', ')}`,
  )
}

function dueLines(held: CasePolicy | null, due: PolicyDue | null): readonly string[] {
  if (held === null || due === null) return []
  return [
    ...policyLines(held),
    `  done of it           ${formatCount(due.blindDone)} of ${plural(due.blind, 'content')} graded twice; ${plural(due.toSettle, 'difference')} to settle`,
  ]
}

/** @returns 0 when the case and every ledger verify, 75 when decisions are still to be written into a log, else 4 */
export async function verify([folder]: readonly string[], given: Given<typeof CASE_VERIFY>): Promise<number> {
  const root = requireCaseFolder(folder!)
  const log = verifyCaseLog(root)
  const seen = comparedCase(root, log, given.heads)
  const found = (log.state?.exhibits ?? []).map((exhibit) =>
    verifyExhibit(root, exhibit, tellOf(exhibit.path)),
  )
  const problems = [...log.problems, ...seen.problems].map((one) => `case: ${one}`)
  const notes = [...seen.notes]
  for (const { exhibit, file, report, problems: own } of found) {
    const compared =
      report === null || report.firstHead === ''
        ? { problems: [], notes: [] }
        : compareWithSeen(file.path, report, given.heads)
    problems.push(...[...own, ...compared.problems].map((one) => `${exhibit.exhibit}: ${one}`))
    notes.push(...compared.notes.map((one) => `${exhibit.exhibit}: ${one}`))
  }
  const missing = problems.length === 0 ? decisionsOfCase(root, log.state!, found, problems) : []
  const vouched = problems.length === 0 ? await vouchersOf(log, found, given) : null
  problems.push(...(vouched?.problems ?? []).map((one) => `case: ${one}`))
  notes.push(...(vouched?.notes ?? []))
  for (const one of missing) process.stdout.write(`MISSING  ${printText(one)}\n`)
  for (const one of problems) process.stdout.write(`PROBLEM  ${printText(one)}\n`)
  for (const one of notes) process.stdout.write(`NOTE     ${printText(one)}\n`)
  const last = [...log.heads].at(-1) ?? ''
  if (problems.length === 0 && missing.length > 0) {
    process.stdout.write(
      `INCOMPLETE: decisions or marks are not in every log that they belong to. The next review of the case writes them.\n`,
    )
    return EXIT.tryAgain
  }
  process.stdout.write(
    problems.length === 0
      ? `VERIFIED: the case and ${plural(found.length, 'ledger')} agree with what was recorded.\n${(vouched?.lines ?? []).map((line) => `${printText(line)}\n`).join('')}case head        ${last}\n`
      : `NOT VERIFIED: ${plural(problems.length, 'problem')} in the case ${printText(folder!)}\n`,
  )
  return problems.length === 0 ? EXIT.complete : EXIT.ledgerDamaged
}

/** @param problems gets what contradicts the log of the case @returns what a log lacks */
function decisionsOfCase(
  root: string,
  { caseNumber }: CaseState,
  found: readonly VerifiedExhibit[],
  problems: string[],
): readonly string[] {
  const exhibits = found.map(({ exhibit, file }) => ({ exhibit: exhibit.exhibit, path: file.path }))
  const decisions = new CaseDecisions(root, caseNumber, exhibits)
  try {
    problems.push(...decisions.contradictions())
    const marks = marksLeft(root, exhibits)
    const lacking = [...new Set(marks.map(({ exhibit }) => exhibit))].map((exhibit) => {
      const number = marks.filter((one) => one.exhibit === exhibit).length
      return `the case lacks ${plural(number, 'mark')} (second look, tag, note or rescue) of the custody log of ${exhibit}`
    })
    return decisions
      .missing()
      .flatMap(({ exhibit, inCase, inLedger }) => [
        ...(inCase === 0
          ? []
          : [`the case lacks ${plural(inCase, 'decision')} of the custody log of ${exhibit}`]),
        ...(inLedger === 0
          ? []
          : [`the custody log of ${exhibit} lacks ${plural(inLedger, 'decision')} of the case`]),
      ])
      .concat(lacking)
  } finally {
    decisions.close()
  }
}
