/** The fields of a job offer, as the rows of `classify --rows` name them, and which of them are known. */

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

/** A field that is absent is unknown; a field that is empty was asked for and left empty. */
export type JobOffer = Readonly<Partial<Record<OfferField, string>>>

/**
 * Reads the offer's fields out of a row; numbers and booleans become text.
 *
 * Tables fill the columns that they do not have with empty text: when nothing but title and description is filled, the
 * other fields are taken for unknown.
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
