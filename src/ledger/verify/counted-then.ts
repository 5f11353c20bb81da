/** Totals as an older program version counted them: with only the findings and stages that it knew. */
import { INCOMPLETE_BEFORE_3 } from '../../contracts/incomplete.ts'
import type { StageName } from '../../contracts/stage.ts'
import type { Summary } from '../../contracts/view.ts'
import type { Totals } from '../format/coverage.ts'

/** @param then summary of the seal */
export function asCountedThen(totals: Totals, then: Summary): Totals {
  const had = (stage: StageName) => Object.hasOwn(then.stages, stage)
  const stages = Object.fromEntries(
    Object.entries(totals.summary.stages).filter(([stage]) => had(stage as StageName)),
  ) as Summary['stages']
  const { incomplete = [] } = totals.summary
  const complete = Object.hasOwn(then, 'incomplete')
    ? totals.summary.complete
    : !incomplete.some((code) => INCOMPLETE_BEFORE_3.has(code))
  const counted = Object.entries({ ...totals.summary, stages, complete }).filter(([name]) =>
    Object.hasOwn(then, name),
  )
  return {
    ...totals,
    summary: Object.fromEntries(counted) as unknown as Summary,
    reasons: totals.reasons.filter(({ stage }) => had(stage)),
  }
}
