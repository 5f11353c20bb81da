/** Close-ups of hands (classify/close-up.ts), which the models of explicitness take for skin. */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Plan } from '../contracts/case.ts'
import type { Score } from '../contracts/finding.ts'

export const CLOSE_UP_HAND = 'close-up-hand'

/** Version of the rules that it came with. */
const CLOSE_UP_SINCE = 8

/** Never stored: it follows from the score and the threshold of the plan. */
export function closeUpOfHand(
  scores: readonly Score[],
  plan: Pick<Plan, 'models' | 'rules'>,
): Attribute | null {
  const score = scores.find(({ label }) => label === CLOSE_UP_HAND)
  if (!score || (plan.rules?.version ?? 1) < CLOSE_UP_SINCE) return null
  const use = plan.models.find(({ id, sha256 }) => id === score.classifier && sha256 === score.modelSha256)
  const least = use?.thresholds[CLOSE_UP_HAND]
  if (least === undefined || score.scorePer10k < least) return null
  return attribute('close-up-of-hand', { scorePer10k: score.scorePer10k })
}
