/**
 * A picture in which the detector of persons (classify/person.ts) found nobody. Animals, plants, food and things make most leads
 * that are wrong.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Plan } from '../contracts/case.ts'
import type { Score } from '../contracts/finding.ts'
import { PUT_LAST_SINCE } from './put-last.ts'

/** Labels of the detector's scores: in the whole picture, and at the face that looks youngest. */
export const PERSON_LABELS = ['person', 'person-at-face'] as const

/**
 * Never stored: it follows from the detector's scores and the thresholds of the plan.
 * @returns null where the detector was not asked, or found a person
 */
export function noPersonFound(
  scores: readonly Score[],
  plan: Pick<Plan, 'models' | 'rules'>,
): Attribute | null {
  const of = (label: (typeof PERSON_LABELS)[number]) => scores.find((score) => score.label === label)
  const whole = of('person')
  const thresholds = plan.models.find(
    ({ id, sha256 }) => id === whole?.classifier && sha256 === whole.modelSha256,
  )?.thresholds
  if (!whole || !thresholds || (plan.rules?.version ?? 1) < PUT_LAST_SINCE) return null
  const isBelow = (score: Score | undefined, threshold: string) =>
    score !== undefined && score.scorePer10k < (thresholds[threshold] ?? 0)
  const near = of('person-at-face')
  const explicit = isBelow(whole, 'person')
  const minor = isBelow(near, 'person-at-face')
  if (!explicit && !minor) return null
  return attribute('no-person-found', {
    explicit,
    minor,
    scorePer10k: whole.scorePer10k,
    ...(near && { atFacePer10k: near.scorePer10k }),
  })
}
