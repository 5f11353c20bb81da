/**
 * What was measured of a model's errors, in words to stand beside its scores.
 *
 * Nothing here says how much is found: no explicit picture was ever used to measure any of these models, so their
 * detection rate is unknown and none is printed. Figures: the project's own measurements on ordinary public photos and
 * messages, November 2026 (docs/models.md); the model cards give data and method.
 */
import { THRESHOLDS } from '../../classify/thresholds.ts'
import type { Lead } from '../../contracts/finding.ts'
import { fromPer10k } from '../values.ts'

/** What was measured of a combination of models, at each of its thresholds; empty where nothing was. */
export function measuredErrors(classifier: string): readonly string[] {
  return ['explicit', 'apparent-minor', 'grooming']
    .flatMap((label) => tiersOf({ classifier, label }))
    .map((tier) => tier.words)
}

interface Tier {
  readonly fromPer10k: number
  readonly words: string
}

/** @returns the error measured at the highest tier that the score reaches; null when none was measured */
export function measuredError(lead: Pick<Lead, 'classifier' | 'label' | 'scorePer10k'>): string | null {
  return tiersOf(lead).findLast((tier) => lead.scorePer10k >= tier.fromPer10k)?.words ?? null
}

function tiersOf({ classifier, label }: Pick<Lead, 'classifier' | 'label'>): readonly Tier[] {
  if (classifier === 'grooming') return GROOMING
  if (classifier === 'apparent-minor') return label === 'apparent-minor' ? APPARENT_MINOR : []
  if (label !== 'explicit') return []
  if (classifier === 'explicitness') return EXPLICITNESS
  const alone = Object.entries(THRESHOLDS.explicitAlone).find(([id]) => id === classifier)
  if (!alone) return []
  return [
    { fromPer10k: alone[1], words: `from ${fromPer10k(alone[1])} up it marks 1 % of 5,179 ordinary photos` },
  ]
}

const EXPLICITNESS: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.explicitness.possible,
    words: 'from 0.25 up it marks about 5 % of 5,179 ordinary photos, and 1.1 % of 283 that nobody tuned on',
  },
  {
    fromPer10k: THRESHOLDS.explicitness.likely,
    words:
      'from 0.50 up it marks 1.0 % of 5,179 ordinary photos (0.4 % of 283 that nobody tuned on), and 3.7 % of soft head-and-shoulder portraits',
  },
  {
    fromPer10k: THRESHOLDS.explicitness.strong,
    words:
      'from 0.76 up it marks 0.1 % of 5,179 ordinary photos, a figure that rests on five pictures, and 0.4 % of 283 that nobody tuned on, which is one',
  },
]

/** docs/models.md: text messages, chats and pieces of novels that nobody tuned on. */
const GROOMING: readonly Tier[] = [
  {
    fromPer10k: 5000,
    words:
      'from 0.50 up it marks none of 266 stretches of 60 ordinary messages (which allows up to 1.4 %) and none of 240 pieces of novels (up to 1.6 %) that nobody tuned on, and 2 of 57 invented conversations of parents, pupils and couples; how much it finds was measured on invented conversations only',
  },
]

const APPARENT_MINOR: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.apparentMinor.possible,
    words:
      'of 2,336 labelled faces, from 0.20 up it marks 96 % of under-18s (16–17: 78 %) and 41 % of 18–25-year-olds; of 283 photographs that nobody tuned on 7.8 %',
  },
  {
    fromPer10k: THRESHOLDS.apparentMinor.likely,
    words:
      'of 2,336 labelled faces, from 0.35 up it marks 93 % of under-18s (16–17: 64 %) and 25 % of 18–25-year-olds; of 283 photographs that nobody tuned on 4.2 %',
  },
]
