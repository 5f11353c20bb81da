/**
 * Labels of a training from work that was done: decisions of sealed ledgers on which persons agreed or which one adjudicated, each
 * made on sight. A single grade, a grade without sight and one from another tool are counted and not used.
 */
import { UsageError } from '../../base/errors.ts'
import type {
  CustodyRecord,
  EntryViews,
  ExaminationFacts,
  RunHistory,
} from '../../contracts/ledger-reader.ts'
import type { Labelled } from '../../learn/labelled.ts'
import type { Positive } from '../../learn/positive.ts'
import { decisionsOf, outcomeOf, type RecordedDecision, standing } from '../../ledger/custody/decisions.ts'
import { isOnSight } from '../../ledger/custody/sight.ts'
import { quarantineOf } from '../../privilege/quarantine.ts'
import { closeAll, openCase } from './case-ledgers.ts'

type GradedLedger = ExaminationFacts & RunHistory & CustodyRecord & EntryViews

/** Contents with a decision on the scale that are no rows, by reason. */
export interface LeftOut {
  readonly oneGradeAlone: number
  readonly differing: number
  readonly notOnSight: number
}

/**
 * @param named sealed ledgers, or folders of cases
 * @param lists names of lists whose hits are positives, by order of the agency
 * @throws UsageError when no ledger was compared with a list that is named
 */
export async function decidedLabels(
  named: readonly string[],
  positive: Positive,
  lists: readonly string[],
  heads: string | undefined,
): Promise<{ readonly labelled: readonly Labelled[]; readonly leftOut: LeftOut }> {
  const labelled: Labelled[] = []
  const leftOut = { oneGradeAlone: 0, differing: 0, notOnSight: 0 }
  const known = new Set<string>()
  // Each by itself: a training is over several cases, and one case is what the commands of a case read.
  for (const one of named) {
    const ledgers = await openCase([one], { heads })
    try {
      for (const ledger of ledgers) take(ledger)
    } finally {
      closeAll(ledgers)
    }
  }
  const unknown = lists.find((list) => !known.has(list))
  if (unknown !== undefined)
    throw new UsageError(
      `--positive-list names “${unknown}”, and no ledger was compared with a list of this name. There are: ${[...known].sort().join(', ') || 'none'}.`,
    )
  return { labelled, leftOut }

  function take(ledger: GradedLedger): void {
    const { holds } = quarantineOf(ledger)
    for (const { name } of ledger.plan.hashSets) known.add(name)
    const decided = new Set<string>()
    for (const [sha256, made] of decisionsOf(ledger.custody())) {
      const outcome = usable(made, positive.scale)
      if (outcome === null) continue
      decided.add(sha256)
      if (typeof outcome !== 'object') leftOut[outcome]++
      else add(ledger, sha256, positive.categories.includes(outcome.category), 'the decision')
    }
    if (lists.length === 0) return
    for (const view of ledger.findings()) {
      const sha256 = view.content?.digests.sha256
      if (sha256 === undefined || decided.has(sha256) || holds(view)) continue
      if (!view.hits.some(({ hashSet }) => lists.includes(hashSet))) continue
      decided.add(sha256)
      add(ledger, sha256, true, 'the hit')
    }
  }

  function add({ case: { caseId, exhibitId } }: GradedLedger, sha256: string, is: boolean, what: string) {
    const where = `${what} on ${sha256} in case ${caseId}, exhibit ${exhibitId}`
    labelled.push({ content: { sha256 }, positive: is, case: caseId, where })
  }
}

/** Null: no decision on this scale. */
function usable(
  made: readonly RecordedDecision[],
  scale: string,
): { readonly category: string } | keyof LeftOut | null {
  const outcome = outcomeOf(made, scale)
  if (outcome.kind === 'none') return null
  if (outcome.kind === 'differing') return 'differing'
  if (outcome.kind === 'single') return 'oneGradeAlone'
  const stands = standing(made).filter((one) => one.scale === scale)
  // An adjudication is a grade of its own: those that it settles may have been made without sight.
  const deciding = outcome.kind === 'adjudicated' ? stands.filter(({ act }) => act === 'adjudicated') : stands
  return deciding.every(isGradeOnSight) ? { category: outcome.category } : 'notOnSight'
}

/** A preview of 16 × 16 cells is no sight of a content that can be graded. */
function isGradeOnSight(made: RecordedDecision): boolean {
  return isOnSight(made) && made.seen !== 'preview'
}
