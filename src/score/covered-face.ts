/**
 * Faces that look young and whose lower half is covered (classify/covered-face.ts): what the age models say of them was never
 * measured on masked faces, and is wrong of most.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Plan } from '../contracts/case.ts'
import type { Score } from '../contracts/finding.ts'
import { closeUpOfHand } from './close-up.ts'
import { faceInDoubt } from './face-again.ts'
import { noPersonFound } from './no-person.ts'

export const COVERED_FACE = 'covered-face'

/** Version of the rules that it came with. */
const COVERED_SINCE = 7

/** What second opinions say of the leads: attributes that follow from scores and the plan, and are never stored. */
export function secondOpinions(scores: readonly Score[], plan: Pick<Plan, 'models' | 'rules'>): Attribute[] {
  return [
    noPersonFound(scores, plan),
    faceCovered(scores, plan),
    faceInDoubt(scores, plan),
    closeUpOfHand(scores, plan),
  ].filter((one) => one !== null)
}

function faceCovered(scores: readonly Score[], plan: Pick<Plan, 'models' | 'rules'>): Attribute | null {
  const score = scores.find(({ label }) => label === COVERED_FACE)
  if (!score || (plan.rules?.version ?? 1) < COVERED_SINCE) return null
  const use = plan.models.find(({ id, sha256 }) => id === score.classifier && sha256 === score.modelSha256)
  const least = use?.thresholds[COVERED_FACE]
  if (least === undefined || score.scorePer10k < least) return null
  return attribute('face-covered', { lessRedPer10k: score.scorePer10k })
}
