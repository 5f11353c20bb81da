/** `seized review CASE`: one page over all exhibits of a case, each content once; decisions go to every ledger. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { CaseDecisions } from '../../case/case-decisions.ts'
import type { CaseState, Role } from '../../case/case-event.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { exhibitOf, joinLedgers } from '../../case/joined-ledger.ts'
import { newestCustodyHead } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import { plural } from '../../report/texts/format.ts'
import { scaleTablesOf } from '../../review/deciding.ts'
import { SessionOver } from '../../review/review-log.ts'
import type { SessionAsked } from '../../review/session-asked.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { noteCaseHead, openedCase, settleDecisions } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { exhibitsAt, openCaseSight } from '../services/case-sight.ts'
import { noteHead } from '../services/heads.ts'
import type { openSight } from '../services/review-sight.ts'

/** Runs a review on the page or in the terminal, as for one ledger. @returns the exit code */
export type Reviewed = (
  ledger: ReturnType<typeof openLedger>,
  given: Given<typeof REVIEW>,
  more: Pick<SessionAsked, 'onHead' | 'others' | 'ofCase'> & {
    readonly scaleTables: readonly ScaleTable[]
    /** Default: of one ledger. */
    readonly sight?: typeof openSight
  },
) => Promise<number>

export async function reviewCase(
  folder: string,
  given: Given<typeof REVIEW>,
  reviewed: Reviewed,
): Promise<number> {
  if (given.image !== undefined || given.exhibit !== undefined)
    throw new UsageError(
      '--image and --exhibit are of one exhibit: of a case give --exhibit-at EXHIBIT=PATH for each exhibit at hand.',
    )
  const opened = openedCase(folder, given.heads)
  const { root, state, opening } = opened
  requireRole(state, given)
  const atHand = exhibitsAt(given, state)
  const ledgers = await openCase([folder], given)
  for (const line of settleDecisions(opened, given.heads)) process.stderr.write(`${line}\n`)
  const joined = joinLedgers(state.caseNumber, ledgers)
  const exhibits = ledgers.map(({ path, case: { exhibitId } }) => ({ exhibit: exhibitId, path }))
  const decisions = new CaseDecisions(root, state.caseNumber, exhibits)
  let head = ''
  try {
    decisions.spread()
    const ledger = openLedger(joined.path)
    try {
      process.stderr.write(
        `Case ${printText(state.caseNumber)}: ${plural(ledgers.length, 'exhibit')}, each content once.\n`,
      )
      return await reviewed(
        ledger,
        { ...given, countAlso: [...given.countAlso, ...exhibits.map(({ path }) => path)] },
        {
          sight: (session, asked) => openCaseSight(session, asked, { ledgers, atHand, root }),
          scaleTables: ledgers.flatMap((one) => scaleTablesOf(one, given.scaleTable)),
          onHead: (newest) => {
            head = newest
          },
          ofCase: {
            root,
            priorities: joined.priorities,
            isAtHand: (entry) => atHand.has(exhibitOf(joined, entry)),
            onDecided: () => copied(decisions, root, state),
          },
        },
      )
    } finally {
      ledger.close()
    }
  } finally {
    decisions.close()
    joined.remove()
    closeAll(ledgers)
    if (head !== '') noteCaseHead(root, opening, head, given.heads)
    for (const { path } of exhibits) noteHead(path, newestCustodyHead(path) ?? '', given.heads)
  }
}

/** @throws SessionOver where a ledger is no longer what was reviewed, or did not get its copy */
function copied(decisions: CaseDecisions, root: string, { exhibits }: CaseState): void {
  const other = exhibits.find((exhibit) => fileOf(root, exhibit).is !== 'here')
  const { failed } =
    other === undefined ? decisions.spread() : { failed: [`${other.exhibit} was moved or replaced`] }
  if (failed.length > 0)
    throw new SessionOver(
      `The decision is in the log of the case and not yet in every ledger: ${failed.join('; ')}. Open the review of the case again: it writes what is missing.`,
    )
}

const PASSES_OF: Readonly<Record<Role, readonly string[]>> = {
  read: [],
  grade: ['first', 'second', 'peer'],
  adjudicate: ['first', 'second', 'peer', 'adjudicate'],
  lead: ['first', 'second', 'peer', 'adjudicate'],
}

/** @throws UsageError where the case names persons, and this one may not act in the pass */
function requireRole({ persons, caseNumber }: CaseState, { operator, pass }: Given<typeof REVIEW>): void {
  if (persons.size === 0) return
  const role = persons.get(operator.trim())
  if (role === undefined || !PASSES_OF[role].includes(pass))
    throw new UsageError(
      `${printText(operator)} ${role === undefined ? 'is no person' : `has the role ${role}`} of case ${printText(caseNumber)}, and may not review in the pass ${pass}: seized case person names persons and roles.`,
    )
}
