/**
 * Leads of a picture in which the detector of persons (classify/person.ts) found nobody. Animals, plants, food and things
 * make most leads that are wrong; these stand behind all others, and are never left out.
 *
 * Only leads of our own cascade: what an agency's model marks stands where its label says. A strong explicitness stays
 * too: how the detector answers to explicit close-ups was never measured.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'
import type { Plan, PlanRules } from '../contracts/case.ts'
import type { Lead, Score } from '../contracts/finding.ts'
import type { ReviewReason } from '../contracts/review-reason.ts'
import { leadParams } from './of-leads.ts'
import type { RankInput } from './rank-input.ts'

/** Version of the rules that it came with. */
const SINCE = 6

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
  if (!whole || !thresholds || (plan.rules?.version ?? 1) < SINCE) return null
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

/** The leads that a missing person puts last, and all others. */
export function apartFrom(
  { leads, attributes }: Pick<RankInput, 'leads' | 'attributes'>,
  { version, tiers }: PlanRules,
): { readonly leads: readonly Lead[]; readonly withoutPerson: readonly Lead[] } {
  const found = attributes.find((one) => one.code === 'no-person-found')
  if (version < SINCE || found?.code !== 'no-person-found') return { leads, withoutPerson: [] }
  const strong = tiers.explicitStrongPerTenThousand ?? 0
  const isWithout = ({ classifier, scorePer10k }: Lead): boolean =>
    (classifier === 'explicitness' && found.params.explicit && scorePer10k < strong) ||
    (classifier === 'apparent-minor' && found.params.minor)
  return { leads: leads.filter((lead) => !isWithout(lead)), withoutPerson: leads.filter(isWithout) }
}

export function withoutPersonReasons({ withoutPerson = [], attributes }: RankInput): ReviewReason[] {
  const found = attributes.find((one) => one.code === 'no-person-found')
  if (found?.code !== 'no-person-found') return []
  const { scorePer10k: personPer10k, atFacePer10k } = found.params
  return withoutPerson.map((lead) => ({
    code: 'no-person-found',
    params: {
      ...leadParams(lead),
      label: lead.label,
      personPer10k,
      ...(lead.label === 'apparent-minor' && atFacePer10k !== undefined && { atFacePer10k }),
    },
  }))
}
