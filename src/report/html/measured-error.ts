/**
 * What was measured of a model's errors, in words to stand beside its scores.
 *
 * Nothing here says how much is found: no explicit picture was ever used to measure any of these models, so their
 * detection rate is unknown and none is printed. Figures: the project's own measurements on ordinary public photos,
 * November 2026; the model cards give data and method.
 */
import { THRESHOLDS } from '../../classify/thresholds.ts'
import type { Lead } from '../../contracts.ts'

interface Tier {
  readonly fromPer10k: number
  readonly words: string
}

/** @returns the error measured at the highest tier that the score reaches; null when none was measured */
export function measuredError(lead: Pick<Lead, 'classifier' | 'label' | 'scorePer10k'>): string | null {
  return tiersOf(lead).findLast((tier) => lead.scorePer10k >= tier.fromPer10k)?.words ?? null
}

function tiersOf({ classifier, label }: Pick<Lead, 'classifier' | 'label'>): readonly Tier[] {
  if (label === 'apparent-minor') return APPARENT_MINOR
  if (label !== 'explicit') return []
  if (classifier === 'explicitness') return EXPLICITNESS
  const alone = Object.entries(THRESHOLDS.explicitAlone).find(([id]) => id === classifier)
  return alone
    ? [
        {
          fromPer10k: alone[1],
          words: `${ORDINARY} 1 % of 5,179 ordinary photos are marked at this threshold. ${NO_RECALL}`,
        },
      ]
    : []
}

const ORDINARY = 'Measured error:'
const NO_RECALL = 'How much explicit material it finds was not measured.'

const EXPLICITNESS: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.explicitness.possible,
    words: `${ORDINARY} from 0.25 up, about 5 % of 5,179 ordinary photos are marked. ${NO_RECALL}`,
  },
  {
    fromPer10k: THRESHOLDS.explicitness.likely,
    words: `${ORDINARY} from 0.50 up, 1.0 % of 5,179 ordinary photos are marked, 3.7 % of soft head-and-shoulder portraits. ${NO_RECALL}`,
  },
  {
    fromPer10k: THRESHOLDS.explicitness.strong,
    words: `${ORDINARY} from 0.76 up, 0.1 % of 5,179 ordinary photos are marked (the figure rests on five pictures). ${NO_RECALL}`,
  },
]

const APPARENT_MINOR: readonly Tier[] = [
  {
    fromPer10k: THRESHOLDS.apparentMinor.possible,
    words: `${ORDINARY} from 0.20 up, 41 % of 18–25-year-olds are marked too, and 96 % of under-18s (16–17: 78 %), of 2,336 labelled faces.`,
  },
  {
    fromPer10k: THRESHOLDS.apparentMinor.likely,
    words: `${ORDINARY} from 0.35 up, 25 % of 18–25-year-olds are marked too, and 93 % of under-18s (16–17: 64 %; Black minors 77 %, White 94 %), of 2,336 labelled faces.`,
  },
]
