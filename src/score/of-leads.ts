/** Helpers for the priority rules that use leads. Contains no rule. */
import type { RuleTiers } from '../contracts/case.ts'
import type { Lead } from '../contracts/finding.ts'
import type { ReviewReason } from '../contracts/review-reason.ts'
import { isOfWords } from '../terms/agency-scores.ts'
import type { RankInput } from './rank-input.ts'

export function isAgencyWords(lead: Lead): boolean {
  return isOfWords(lead.classifier)
}

export function isExplicit(lead: Lead): boolean {
  return lead.label === 'explicit'
}

/** The combined score has tiers; a model that stands alone leads at 1 % of ordinary pictures, the likely tier. */
export function likelyExplicit({ explicitLikelyPerTenThousand }: RuleTiers): (lead: Lead) => boolean {
  return (lead) =>
    isExplicit(lead) &&
    (lead.classifier !== 'explicitness' || lead.scorePer10k >= explicitLikelyPerTenThousand)
}

/** All of them under rules before version 6. */
export function explicitBesideMinor({
  explicitBesideMinorPerTenThousand: from = 0,
}: RuleTiers): (lead: Lead) => boolean {
  return (lead) => isExplicit(lead) && (lead.classifier !== 'explicitness' || lead.scorePer10k >= from)
}

export function isApparentMinor(lead: Lead): boolean {
  return lead.label === 'apparent-minor'
}

type OfLead = 'explicit' | 'grooming-signs' | 'possibly-explicit' | 'apparent-minor'

export function ofLead(code: OfLead, leads: readonly Lead[], where: (lead: Lead) => boolean): ReviewReason[] {
  const lead = strongest(leads, where)
  return lead ? [{ code, params: leadParams(lead) }] : []
}

/** A model with a purpose unknown to the rules: its label states the purpose. */
export function labelled(
  code: 'agency-alert' | 'other-lead',
  leads: readonly Lead[],
  where: (lead: Lead) => boolean,
): ReviewReason[] {
  const lead = strongest(leads, where)
  return lead ? [{ code, params: { ...leadParams(lead), label: lead.label } }] : []
}

export function joint(
  code:
    | 'explicit-and-apparent-minor'
    | 'possibly-explicit-and-apparent-minor'
    | 'faintly-explicit-and-apparent-minor',
  leads: readonly Lead[],
  where: (lead: Lead) => boolean,
): ReviewReason[] {
  const explicit = strongest(leads, where)
  const minor = strongest(leads, isApparentMinor)
  if (!explicit || !minor) return []
  const params = {
    ...leadParams(explicit),
    minorClassifier: minor.classifier,
    minorScorePer10k: minor.scorePer10k,
    minorThresholdPer10k: minor.thresholdPer10k,
  }
  return [{ code, params }]
}

export function ofCamera(
  code: 'possible-first-generation' | 'apparent-minor-of-first-generation',
  attributes: RankInput['attributes'],
): ReviewReason[] {
  const found = attributes.find((one) => one.code === 'possible-first-generation')
  return found ? [{ code, params: found.params }] : []
}

export function ofSeries(attributes: RankInput['attributes']): ReviewReason[] {
  const found = attributes.find((one) => one.code === 'of-listed-series')
  return found ? [{ code: 'of-listed-series', params: found.params }] : []
}

export function strongest(leads: readonly Lead[], where: (lead: Lead) => boolean): Lead | null {
  let best: Lead | null = null
  for (const lead of leads) if (where(lead) && (!best || lead.scorePer10k > best.scorePer10k)) best = lead
  return best
}

export function leadParams({ classifier, scorePer10k, thresholdPer10k }: Lead) {
  return { classifier, scorePer10k, thresholdPer10k }
}
