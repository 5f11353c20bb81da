/**
 * Leads that stand behind all others and are never left out. They are of a picture in which no person was found (no-person.ts), of
 * apparent minors whose faces are covered (covered-face.ts) or are not found again (face-again.ts), of hands that fill a picture (close-up.ts), and of a program's icons
 * (program-place.ts).
 *
 * Only leads of our own cascade: what an agency's model marks stands where its label says. A strong explicitness stays
 * too: how the detector of persons answers to explicit close-ups was never measured.
 */
import type { PlanRules } from '../contracts/case.ts'
import type { Lead } from '../contracts/finding.ts'
import type { ReviewReason } from '../contracts/review-reason.ts'
import { leadParams } from './of-leads.ts'
import { programPlaceOf } from './program-place.ts'
import type { RankInput } from './rank-input.ts'

/** Version of the rules that it came with. */
export const PUT_LAST_SINCE = 6

/** The same input without the leads that are put last, and those. */
export function apart(input: RankInput, { version, tiers }: PlanRules): RankInput {
  if (version < PUT_LAST_SINCE || input.leads.length === 0) return input
  const nobody = nobodyIn(input)
  const strong = tiers.explicitStrongPerTenThousand ?? 0
  const isWeak = ({ classifier, scorePer10k }: Lead) =>
    classifier === 'apparent-minor' || (classifier === 'explicitness' && scorePer10k < strong)
  const isWithoutPerson = (lead: Lead) =>
    isWeak(lead) && (lead.classifier === 'explicitness' ? nobody?.explicit : nobody?.minor) === true
  // Beside any other lead a covered face keeps its place: people who hide their faces are found there too.
  const isMinorAlone = input.leads.every(({ classifier }) => classifier === 'apparent-minor')
  // A mask makes grown persons look young, but seldom so surely.
  const stays = tiers.coveredMinorStaysPerTenThousand ?? Number.POSITIVE_INFINITY
  const isCovered =
    isMinorAlone && coveredIn(input) !== null && input.leads.every(({ scorePer10k }) => scorePer10k < stays)
  const isInDoubt = isMinorAlone && !isCovered && doubtIn(input) !== null
  // Beside any other lead, and where it is strong, explicitness of a hand keeps its place.
  const isOfHand =
    handIn(input) !== null && input.leads.every((lead) => lead.classifier === 'explicitness' && isWeak(lead))
  const isOfProgram = programPlaceOf(input.path) === null ? () => false : isWeak
  const inPlace = input.leads.filter((lead) => !isOfProgram(lead))
  const seen = inPlace.filter((lead) => !isWithoutPerson(lead))
  return {
    ...input,
    leads: isCovered || isInDoubt || isOfHand ? [] : seen,
    putLast: {
      ofProgram: input.leads.filter(isOfProgram),
      withoutPerson: inPlace.filter(isWithoutPerson),
      covered: isCovered ? seen : [],
      inDoubt: isInDoubt ? seen : [],
      ofHand: isOfHand ? seen : [],
    },
  }
}

export function withoutPersonReasons({ putLast, attributes }: RankInput): ReviewReason[] {
  const nobody = nobodyIn({ attributes })
  if (!putLast || !nobody) return []
  const { scorePer10k: personPer10k, atFacePer10k } = nobody
  return putLast.withoutPerson.map((lead) => ({
    code: 'no-person-found',
    params: {
      ...leadParams(lead),
      label: lead.label,
      personPer10k,
      ...(lead.classifier === 'apparent-minor' && atFacePer10k !== undefined && { atFacePer10k }),
    },
  }))
}

export function coveredReasons({ putLast, attributes }: RankInput): ReviewReason[] {
  const lessRedPer10k = coveredIn({ attributes })
  if (!putLast || lessRedPer10k === null) return []
  return putLast.covered.map((lead) => ({
    code: 'face-covered',
    params: { ...leadParams(lead), label: lead.label, lessRedPer10k },
  }))
}

export function inDoubtReasons({ putLast, attributes }: RankInput): ReviewReason[] {
  const facePer10k = doubtIn({ attributes })
  if (!putLast || facePer10k === null) return []
  return putLast.inDoubt.map((lead) => ({
    code: 'face-in-doubt',
    params: { ...leadParams(lead), label: lead.label, facePer10k },
  }))
}

export function ofHandReasons({ putLast, attributes }: RankInput): ReviewReason[] {
  const handPer10k = handIn({ attributes })
  if (!putLast || handPer10k === null) return []
  return putLast.ofHand.map((lead) => ({
    code: 'close-up-of-hand',
    params: { ...leadParams(lead), label: lead.label, handPer10k },
  }))
}

export function ofProgramReasons({ putLast, path }: RankInput): ReviewReason[] {
  const place = programPlaceOf(path)
  if (!putLast || place === null) return []
  return putLast.ofProgram.map((lead) => ({
    code: 'of-program',
    params: { ...leadParams(lead), label: lead.label, place },
  }))
}

function nobodyIn({ attributes }: Pick<RankInput, 'attributes'>) {
  const found = attributes.find((one) => one.code === 'no-person-found')
  return found?.code === 'no-person-found' ? found.params : null
}

function handIn({ attributes }: Pick<RankInput, 'attributes'>): number | null {
  const found = attributes.find((one) => one.code === 'close-up-of-hand')
  return found?.code === 'close-up-of-hand' ? found.params.scorePer10k : null
}

function coveredIn({ attributes }: Pick<RankInput, 'attributes'>): number | null {
  const found = attributes.find((one) => one.code === 'face-covered')
  return found?.code === 'face-covered' ? found.params.lessRedPer10k : null
}

function doubtIn({ attributes }: Pick<RankInput, 'attributes'>): number | null {
  const found = attributes.find((one) => one.code === 'face-in-doubt')
  return found?.code === 'face-in-doubt' ? found.params.scorePer10k : null
}
