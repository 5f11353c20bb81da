/** The fields of a job offer, by their names in rows of `classify --rows`, and which of them are known. */

export const OFFER_TEXTS = ['title', 'description', 'company_profile', 'requirements', 'benefits'] as const
export type OfferText = (typeof OFFER_TEXTS)[number]

const OFFER_FACTS = [
  'location',
  'department',
  'salary_range',
  'employment_type',
  'required_experience',
  'required_education',
  'industry',
  'function',
  'telecommuting',
  'has_company_logo',
  'has_questions',
] as const
export type OfferFact = (typeof OFFER_FACTS)[number]

export type OfferField = OfferText | OfferFact

/** An absent field is unknown; an empty field was left empty by the author. */
export type JobOffer = Readonly<Partial<Record<OfferField, string>>>

/**
 * Reads the offer's fields from a row; numbers and booleans become text.
 *
 * Tables fill missing columns with empty text. Where only title and description are filled, the other fields count as
 * unknown.
 */
export function offerOf(row: Readonly<Record<string, unknown>>): JobOffer | null {
  const offer: Partial<Record<OfferField, string>> = {}
  for (const field of [...OFFER_TEXTS, ...OFFER_FACTS]) {
    const value = row[field]
    if (typeof value === 'string') offer[field] = value
    else if (typeof value === 'number' || typeof value === 'boolean') offer[field] = String(Number(value))
  }
  if (!Object.values(offer).some((value) => value.trim() !== '')) return null
  const filled = Object.entries(offer).some(
    ([field, value]) => field !== 'title' && field !== 'description' && value.trim() !== '',
  )
  return filled ? offer : pick(offer, ['title', 'description'])
}

function pick(offer: JobOffer, fields: readonly OfferField[]): JobOffer {
  return Object.fromEntries(Object.entries(offer).filter(([field]) => fields.includes(field as OfferField)))
}
