/** Totals as an older program counted them: of the findings and stages that it had. */
import type { StageName } from '../../contracts/stage.ts'
import type { Summary } from '../../contracts/view.ts'
import type { Totals } from '../format/coverage.ts'

/** @param then the summary of the seal */
export function asCountedThen(totals: Totals, then: Summary): Totals {
  const had = (stage: StageName) => Object.hasOwn(then.stages, stage)
  const stages = Object.fromEntries(
    Object.entries(totals.summary.stages).filter(([stage]) => had(stage as StageName)),
  ) as Summary['stages']
  const counted = Object.entries({ ...totals.summary, stages }).filter(([name]) => Object.hasOwn(then, name))
  return {
    ...totals,
    summary: Object.fromEntries(counted) as unknown as Summary,
    reasons: totals.reasons.filter(({ stage }) => had(stage)),
  }
}
