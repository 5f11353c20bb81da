/**
 * Signs of recruitment for exploitation in an offer of work, scored together.
 *
 * Almost every honest advertisement for work abroad has one sign, so a single sign scores zero. Number, strength and
 * number of dimensions decide. A missing statement is unknown and never a sign.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { foldText } from './fold-text.ts'
import { type JobOffer, OFFER_TEXTS, type OfferText } from './offer-fields.ts'
import { readPhraseSets } from './phrase-files.ts'
import { type RuleMatch, type RuleMatcher, ruleMatcher, type Sign, type Strength } from './phrase-rules.ts'

/** `stage` is the dimension of the source's set. */
export interface Indicator extends Sign {
  readonly source: string
  /** `core`, or the countries of its sets (ISO 3166-1). */
  readonly sets: readonly string[]
  readonly sector?: string
  /** `interview`: no rule can find it, a person must ask. */
  readonly seen: 'text' | 'interview'
}

export interface OfferSign extends RuleMatch {
  readonly field: OfferText
}

export interface OfferEvidence {
  readonly signs: readonly OfferSign[]
  /** Distinct indicators, as `strength` has them. */
  readonly counts: Readonly<Record<Strength, number>>
  readonly dimensions: number
  /** Nought with no more than one indicator. */
  readonly weight: number
}

export interface OfferIndicators {
  readonly indicators: readonly Indicator[]
  evidence(offer: JobOffer): OfferEvidence
}

const TEXT_CHARS = 20_000
const WEIGHT: Readonly<Record<Strength, number>> = { weak: 0.5, medium: 1, strong: 1.7 }
/** Each dimension after the first. */
const DIMENSION = 0.4

/** @throws UsageError when the catalogue and the phrases do not fit together */
export function openIndicators(folder: string): OfferIndicators {
  const { indicators } = JSON.parse(readFileSync(join(folder, 'indicators.json'), 'utf8')) as {
    readonly indicators: readonly Indicator[]
  }
  const rules = ruleMatcher(readPhraseSets(join(folder, 'phrases'), indicators).flatMap((set) => set.rules))
  return { indicators, evidence: (offer) => weigh(offer, rules) }
}

function weigh(offer: JobOffer, rules: RuleMatcher): OfferEvidence {
  const signs = OFFER_TEXTS.flatMap((field) =>
    rules
      .match(foldText((offer[field] ?? '').slice(0, TEXT_CHARS), true))
      .map((match) => ({ ...match, field })),
  )
  const distinct = new Map<string, Strength>()
  for (const { rule, strength } of signs) {
    const known = distinct.get(rule.sign.id)
    if (!known || WEIGHT[strength] > WEIGHT[known]) distinct.set(rule.sign.id, strength)
  }
  const counts = { weak: 0, medium: 0, strong: 0 }
  for (const strength of distinct.values()) counts[strength] += 1
  const dimensions = new Set(signs.map(({ rule }) => rule.sign.stage)).size
  const sum = counts.weak * WEIGHT.weak + counts.medium * WEIGHT.medium + counts.strong * WEIGHT.strong
  return {
    signs,
    counts,
    dimensions,
    weight: distinct.size < 2 ? 0 : sum + DIMENSION * (dimensions - 1),
  }
}
