/** Results of an agency's own terms and path model for an entry, as parameters of a reason. */
import type { Attribute } from '../contracts/attribute.ts'
import type { Lead } from '../contracts/finding.ts'
import type { ReviewReason } from '../contracts/review-reason.ts'
import { AGENCY_PATHS, AGENCY_TERMS, TERM_PLACES, type TermPlace } from '../terms/agency-scores.ts'

type AgencyWords = ReviewReason<'agency-words'>['params']

/** Ids of the terms by place; null when no term was found and the path model does not mark it. */
export function agencyWords(leads: readonly Lead[], attributes: readonly Attribute[]): AgencyWords | null {
  const idsIn = (place: TermPlace): readonly string[] =>
    leads.some(({ classifier, label }) => classifier === AGENCY_TERMS && label === place)
      ? attributes.flatMap((one) => (one.code === place ? [one.params.id] : []))
      : []
  const path = leads.find(({ classifier }) => classifier === AGENCY_PATHS)
  if (!path && TERM_PLACES.every((place) => idsIn(place).length === 0)) return null
  return {
    inName: idsIn('term-in-name'),
    inFolder: idsIn('term-in-folder'),
    inText: idsIn('term-in-text'),
    ...(path && { pathScorePer10k: path.scorePer10k, pathThresholdPer10k: path.thresholdPer10k }),
  }
}
