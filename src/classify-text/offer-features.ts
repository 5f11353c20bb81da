/**
 * A job offer as groups of hashed features: words, pairs and triples of each text, words and pairs of its opening
 * again, its style, and its indicators.
 *
 * An advertisement's opening is more telling than its middle: without the openings recall at 5 % false positives falls
 * from 57 to 51 % on title and description.
 * Location is no feature: in the training rows only one class has it. The logo is none either: it lowers recall.
 * Weights were chosen by cross-validation on other divisions than those of the card.
 */
import { foldText } from './fold-text.ts'
import type { GroupedInput } from './grouped-model.ts'
import { bucketsOf, pairsOf, triplesOf, wordsOf } from './hash-features.ts'
import { type JobOffer, OFFER_TEXTS, type OfferText } from './offer-fields.ts'
import type { OfferSign } from './offer-indicators.ts'
import { styleOf } from './offer-style.ts'

export const OFFER_BUCKETS = 1 << 18

/** Words of an opening; a title is an opening already. */
const OPENINGS = [8, 30] as const

/** Longer texts are cut: an advertisement of 20,000 letters is not one. */
const TEXT_CHARS = 20_000

export const OFFER_HEADS = ['title-and-description', 'all-fields'] as const
export type OfferHead = (typeof OFFER_HEADS)[number]

type Grams = 'words' | 'pairs' | 'triples' | 'style' | 'signs'

export interface OfferGroup {
  readonly id: string
  readonly field: OfferText
  /** Words from the start, null for all. */
  readonly opening: number | null
  readonly grams: Grams
  /** Factor on the normalised group; zero where a head does not use it. */
  readonly weight: Readonly<Record<OfferHead, number>>
}

/** Squared factors: of words in texts other than titles, and of the other groups for each head. */
const GRAMS: Readonly<Record<'words' | 'pairs' | 'triples', number>> = { words: 1, pairs: 0.5, triples: 0.25 }
const OPENING = 0.4
const TITLE = 0.5
const MARKS: Readonly<Record<OfferHead, Readonly<Record<'style' | 'signs', number>>>> = {
  'title-and-description': { style: 0.1, signs: 0 },
  'all-fields': { style: 0.03, signs: 0.3 },
}

export const OFFER_GROUPS: readonly OfferGroup[] = OFFER_TEXTS.flatMap((field) => [
  ...(['words', 'pairs', 'triples'] as const).map((grams) => group(field, null, grams)),
  ...(field === 'title' ? [] : OPENINGS).flatMap((opening) =>
    (['words', 'pairs'] as const).map((grams) => group(field, opening, grams)),
  ),
  group(field, null, 'style'),
  group(field, null, 'signs'),
])

function group(field: OfferText, opening: number | null, grams: Grams): OfferGroup {
  const weight = (head: OfferHead) => {
    if (head === 'title-and-description' && field !== 'title' && field !== 'description') return 0
    if (grams === 'style' || grams === 'signs') return Math.sqrt(MARKS[head][grams])
    return Math.sqrt((field === 'title' ? TITLE : opening === null ? 1 : OPENING) * GRAMS[grams])
  }
  return {
    id: `${field}${opening ?? ''}/${grams}`,
    field,
    opening,
    grams,
    weight: { 'title-and-description': weight('title-and-description'), 'all-fields': weight('all-fields') },
  }
}

/** @param signs of the same offer (offer-indicators.ts) */
export function offerFeatures(offer: JobOffer, signs: readonly OfferSign[]): GroupedInput {
  const words = new Map(OFFER_TEXTS.map((field) => [field, offerWords(offer[field] ?? '')]))
  return {
    groups: OFFER_GROUPS.map(({ id, field, opening, grams }) =>
      bucketsOf(
        id,
        gramsOf(grams, words.get(field)!.slice(0, opening ?? undefined), offer, field, signs),
        OFFER_BUCKETS,
      ),
    ),
    known: OFFER_GROUPS.map(({ field }) => offer[field] !== undefined),
  }
}

function gramsOf(
  grams: Grams,
  words: readonly string[],
  offer: JobOffer,
  field: OfferText,
  signs: readonly OfferSign[],
): readonly string[] {
  if (grams === 'words') return words
  if (grams === 'pairs') return pairsOf(words)
  if (grams === 'triples') return triplesOf(words)
  if (grams === 'style') return styleOf((offer[field] ?? '').slice(0, TEXT_CHARS), words)
  const found = signs.filter((sign) => sign.field === field).map(({ rule }) => rule.sign.id)
  return found.length === 0 ? ['none'] : found
}

export function offerWords(text: string): string[] {
  return wordsOf(foldText(text.slice(0, TEXT_CHARS), true).text)
}
