/** A case opened for reviews: its ledgers verified, their decisions brought together, and one joined ledger of all. */
import { printText } from '../../base/evidence-path.ts'
import { CaseDecisions } from '../../case/case-decisions.ts'
import type { CaseState } from '../../case/case-event.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { pathOn } from '../../case/exhibit-readers.ts'
import { exhibitOf } from '../../case/joined-ledger.ts'
import { keptJoin } from '../../case/kept-join.ts'
import { newestCustodyHead } from '../../ledger/custody/custody.ts'
import { openLedger } from '../../ledger/read/read.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import { plural } from '../../report/texts/format.ts'
import { scaleTablesOf } from '../../review/deciding.ts'
import { SessionOver } from '../../review/review-log.ts'
import { ReviewedLedger } from '../../review/reviewed-ledger.ts'
import type { ReviewOfCase } from '../../review/session-asked.ts'
import { noteCaseHead, type OpenedCase, settleDecisions } from './case-folders.ts'
import { closeAll, openCase } from './case-ledgers.ts'
import { noteHead } from './heads.ts'
import { JOIN_NOTES } from './join-notes.ts'

export interface JoinedCase {
  readonly opened: OpenedCase
  /** The joined one. */
  readonly ledger: ReturnType<typeof openLedger>
  /** Those of the exhibits. */
  readonly ledgers: Awaited<ReturnType<typeof openCase>>
  readonly scaleTables: readonly ScaleTable[]
  readonly ofCase: ReviewOfCase
  /** Called with every new head of the log of the case. */
  readonly onHead: (head: string) => void
}

export interface JoinAsked {
  readonly scaleTable: readonly string[]
  readonly heads: string | undefined
  /** Paths by exhibit. */
  readonly atHand: ReadonlyMap<string, string>
}

/** Runs the work on the case, and notes the heads after it. */
export async function withJoinedCase<T>(
  folder: string,
  opened: OpenedCase,
  { scaleTable, heads, atHand }: JoinAsked,
  work: (joined: JoinedCase) => Promise<T>,
): Promise<T> {
  const { root, state, opening } = opened
  const ledgers = await openCase([folder], { heads })
  for (const line of settleDecisions(opened, heads)) process.stderr.write(`${line}\n`)
  const joined = keptJoin(folder, state.caseNumber, ledgers, JOIN_NOTES, (sentence) => {
    process.stderr.write(`seized: warning: ${sentence}\n`)
  })
  const exhibits = ledgers.map(({ path, case: { exhibitId } }) => ({ exhibit: exhibitId, path }))
  const decisions = new CaseDecisions(root, state.caseNumber, exhibits)
  let head = ''
  try {
    decisions.spread()
    const ledger = openLedger(joined.path)
    let reviewed: ReviewedLedger | null = null
    try {
      reviewed = new ReviewedLedger(ledger, joined.priorities, ledgers)
      process.stderr.write(
        `Case ${printText(state.caseNumber)}: ${plural(ledgers.length, 'exhibit')}, each content once.\n`,
      )
      return await work({
        opened,
        ledger,
        ledgers,
        scaleTables: ledgers.flatMap((one) => scaleTablesOf(one, scaleTable)),
        onHead: (newest) => {
          head = newest
        },
        ofCase: {
          root,
          reviewed,
          isAtHand: (entry) => atHand.has(exhibitOf(joined, entry)),
          isPathAtHand: (path) => [...atHand.keys()].some((exhibit) => pathOn(exhibit, path) !== null),
          onDecided: () => copied(decisions, root, state),
        },
      })
    } finally {
      reviewed?.close()
      ledger.close()
    }
  } finally {
    decisions.close()
    joined.remove()
    closeAll(ledgers)
    if (head !== '') noteCaseHead(root, opening, head, heads)
    for (const { path } of exhibits) noteHead(path, newestCustodyHead(path) ?? '', heads)
  }
}

/** @throws SessionOver where a ledger is no longer what was reviewed, or did not get its copy */
function copied(decisions: CaseDecisions, root: string, { exhibits }: CaseState): void {
  const other = exhibits.find((exhibit) => fileOf(root, exhibit).is !== 'here')
  const { failed } =
    other === undefined ? decisions.spread() : { failed: [`${other.exhibit} was moved or replaced`] }
  if (failed.length > 0) throw new SessionOver('refused-not-copied', { failed: failed.join('; ') })
}
