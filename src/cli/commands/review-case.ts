/** `seized review CASE`: one page over all exhibits of a case, each content once; decisions go to every ledger. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import type { CaseState } from '../../case/case-event.ts'
import { AssignedContents } from '../../case/policy/assigned-contents.ts'
import { PASSES_OF } from '../../case/roles.ts'
import type { openLedger } from '../../ledger/read/read.ts'
import type { ScaleTable } from '../../match/records/scale.ts'
import type { SessionAsked } from '../../review/session-asked.ts'
import type { Given } from '../arguments/option.ts'
import type { REVIEW } from '../arguments/options-table.ts'
import { openedCase } from '../services/case-folders.ts'
import { exhibitsAt, openCaseSight } from '../services/case-sight.ts'
import { withJoinedCase } from '../services/joined-case.ts'
import { mayReveal, policyOf, underPolicy } from '../services/policy-of-case.ts'
import type { openSight } from '../services/review-sight.ts'

/** Runs a review on the page or in the terminal, as for one ledger. @returns the exit code */
export type Reviewed = (
  ledger: ReturnType<typeof openLedger>,
  given: Given<typeof REVIEW>,
  more: Pick<SessionAsked, 'onHead' | 'others' | 'ofCase' | 'mayReveal'> & {
    readonly scaleTables: readonly ScaleTable[]
    /** Default: of one ledger. */
    readonly sight?: typeof openSight
  },
) => Promise<number>

export async function reviewCase(
  folder: string,
  asked: Given<typeof REVIEW>,
  reviewed: Reviewed,
): Promise<number> {
  if (asked.image !== undefined || asked.exhibit !== undefined)
    throw new UsageError(
      '--image and --exhibit are of one exhibit: of a case give --exhibit-at EXHIBIT=PATH for each exhibit at hand.',
    )
  const opened = openedCase(folder, asked.heads)
  const held = policyOf(opened.state)
  const given = underPolicy(asked, held, asked.pass)
  requireRole(opened.state, given)
  const atHand = exhibitsAt(given, opened.state)
  return withJoinedCase(folder, opened, { ...given, heads: given.heads, atHand }, (joined) => {
    const { ledger, ledgers, scaleTables, ofCase, onHead } = joined
    const exhibits = ledgers.map(({ path, case: { exhibitId } }) => ({ exhibit: exhibitId, path }))
    const assigned = new AssignedContents(ofCase.root, exhibits)
    return reviewed(
      ledger,
      { ...given, countAlso: [...given.countAlso, ...ledgers.map(({ path }) => path)] },
      {
        sight: (session, asked) => openCaseSight(session, asked, { ledgers, atHand, root: ofCase.root }),
        scaleTables,
        onHead,
        mayReveal: () => mayReveal(held, opened.state.persons.get(given.operator.trim())),
        ofCase: {
          ...ofCase,
          policySha256: held?.sha256 ?? null,
          ownOf: (session, contents) => assigned.ownOf(session, contents),
        },
      },
    )
  })
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
