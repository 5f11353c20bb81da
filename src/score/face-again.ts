/** Faces that look young and that no detector finds at a second, closer look (classify/face-again.ts): most of them are none. */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Plan } from '../contracts/case.ts'
import type { Score } from '../contracts/finding.ts'

export const FACE_AGAIN = 'face-again'

/** Version of the rules that it came with. */
const FACE_AGAIN_SINCE = 9

/** Never stored: it follows from the score and the threshold of the plan. */
export function faceInDoubt(
  scores: readonly Score[],
  plan: Pick<Plan, 'models' | 'rules'>,
): Attribute | null {
  const score = scores.find(({ label }) => label === FACE_AGAIN)
  if (!score || (plan.rules?.version ?? 1) < FACE_AGAIN_SINCE) return null
  const use = plan.models.find(({ id, sha256 }) => id === score.classifier && sha256 === score.modelSha256)
  const least = use?.thresholds[FACE_AGAIN]
  if (least === undefined || score.scorePer10k >= least) return null
  return attribute('face-in-doubt', { scorePer10k: score.scorePer10k })
}
