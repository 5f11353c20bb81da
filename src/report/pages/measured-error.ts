/**
 * Measured errors of a model, in words to print next to its scores.
 *
 * These figures are not a detection rate: no explicit picture was ever used to measure any of these models, so their
 * detection rate is unknown and not printed. Figures: the project's own measurements on ordinary public photos and
 * messages, November 2026 (docs/evidence/models.md); the model cards give data and method.
 */
import { THRESHOLDS } from '../../classify/thresholds.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { Lead } from '../../contracts/finding.ts'
import { say } from '../texts/say.ts'

/** Measured errors of a combination of models, at each of its thresholds; empty where there is no measurement. */
export function measuredErrors(classifier: string): readonly string[] {
  return measuredTiers(classifier).map(wordsOf)
}

/** The same as codes, for other languages. */
export function measuredTiers(classifier: string): readonly Tier[] {
  const all = ['explicit', 'apparent-minor', 'grooming'].flatMap((label) => tiersOf({ classifier, label }))
  // One model may have the same tiers under every label.
  return [...new Set(all)]
}

export interface Tier {
  readonly fromPer10k: number
  /** Code of the sentence about this threshold. */
  readonly words: MeasuredCode
}

export const MEASURED_CODES = [
  'explicitness-possible-error',
  'explicitness-likely-error',
  'explicitness-strong-error',
  'explicit-alone-error',
  'apparent-minor-possible-error',
  'apparent-minor-likely-error',
  'grooming-error',
] as const
type MeasuredCode = (typeof MEASURED_CODES)[number]

/**
 * @param models of the plan: a model of the agency's own has its figures there
 * @returns the error measured at the highest tier that the score reaches; null when there is no measurement
 */
export function measuredError(
  lead: Pick<Lead, 'classifier' | 'label' | 'scorePer10k'>,
  models: readonly ModelUse[] = [],
): string | null {
  const own = ownModels(models).find(({ id }) => id === lead.classifier)
  if (own) return say('own-model-error', own.params)
  const tier = tiersOf(lead).findLast((one) => lead.scorePer10k >= one.fromPer10k)
  return tier ? wordsOf(tier) : null
}

/** Models that the agency trained itself, each once, with the parameters of the sentence about them. */
export function ownModels(models: readonly ModelUse[]) {
  const byDigest = new Map(
    models.flatMap(({ id, sha256, own }) => (own ? [[sha256, { id, own }] as const] : [])),
  )
  return [...byDigest.values()].map(({ id, own }) => ({
    id,
    params: {
      agency: own.agency,
      contents: own.contents,
      cases: own.cases,
      recall: own.recallPer10k,
      low: own.recallLowPer10k,
      high: own.recallHighPer10k,
    },
  }))
}

function wordsOf({ fromPer10k, words }: Tier): string {
  return say(words, { threshold: fromPer10k })
}

function tiersOf({ classifier, label }: Pick<Lead, 'classifier' | 'label'>): readonly Tier[] {
  if (classifier === 'grooming') return GROOMING
  if (classifier === 'apparent-minor') return label === 'apparent-minor' ? APPARENT_MINOR : []
  if (label !== 'explicit') return []
  if (classifier === 'explicitness') return EXPLICITNESS
  const alone = Object.entries(THRESHOLDS.explicitAlone).find(([id]) => id === classifier)
  if (!alone) return []
  return [{ fromPer10k: alone[1], words: 'explicit-alone-error' }]
}

const EXPLICITNESS: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.explicitness.possible,
    words: 'explicitness-possible-error',
  },
  {
    fromPer10k: THRESHOLDS.explicitness.likely,
    words: 'explicitness-likely-error',
  },
  {
    fromPer10k: THRESHOLDS.explicitness.strong,
    words: 'explicitness-strong-error',
  },
]

/** docs/evidence/models.md: text messages, chats and pieces of novels that were never used for tuning. */
const GROOMING: readonly Tier[] = [
  {
    fromPer10k: 5000,
    words: 'grooming-error',
  },
]

const APPARENT_MINOR: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.apparentMinor.possible,
    words: 'apparent-minor-possible-error',
  },
  {
    fromPer10k: THRESHOLDS.apparentMinor.likely,
    words: 'apparent-minor-likely-error',
  },
]
