/** Gradings from decisions, as input for the agreement figures. Adjudications do not count as gradings. */
import type { RecordedDecision } from '../ledger/custody/decisions.ts'
import { outcomeOf, standing } from '../ledger/custody/decisions.ts'
import { alphaOf, type Graded, type PairAgreement, pairAgreement } from './agreement.ts'

export interface ScaleAgreement {
  readonly scale: string
  /** Number of contents by the outcome of their standing decisions. */
  readonly outcomes: Readonly<Record<'single' | 'agreed' | 'differing' | 'adjudicated', number>>
  readonly graders: readonly string[]
  /** Every pair of persons who both graded at least one common content. */
  readonly pairs: readonly PairAgreement[]
  /** Over all graders; null where it is meaningless (fewer than two graders, one category). */
  readonly alpha: number | null
  /** Number of contents that at least two persons graded. */
  readonly compared: number
  /** Gradings that were left out, because the program had shown that person nothing of the content. */
  readonly withoutSight: number
}

/**
 * @param categories of the scale in its order, where its table is known
 * @param counts whether a decision is a grading; a grading without sight says how persons read a list, not what they saw
 */
export function agreementOn(
  scale: string,
  decisions: ReadonlyMap<string, readonly RecordedDecision[]>,
  categories: readonly string[],
  seed: string,
  counts: (made: RecordedDecision) => boolean = () => true,
): ScaleAgreement {
  let withoutSight = 0
  const outcomes = { single: 0, agreed: 0, differing: 0, adjudicated: 0 }
  const units: Graded[] = []
  // Sorted by digest, so that the order of decisions changes no figure.
  for (const [, made] of [...decisions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const outcome = outcomeOf(made, scale)
    if (outcome.kind === 'none') continue
    outcomes[outcome.kind]++
    const all = standing(made).filter((one) => one.scale === scale && one.act === 'decided')
    const graded = all.filter(counts)
    withoutSight += all.length - graded.length
    units.push(new Map(graded.map(({ operator, category }) => [operator, category ?? ''])))
  }
  const graders = [...new Set(units.flatMap((unit) => [...unit.keys()]))].sort()
  const pairs = graders
    .flatMap((a, i) => graders.slice(i + 1).map((b) => pairAgreement(units, [a, b], categories, seed)))
    .filter(({ contents }) => contents > 0)
  return {
    scale,
    outcomes,
    graders,
    pairs,
    alpha: alphaOf(units),
    compared: units.filter(({ size }) => size > 1).length,
    withoutSight,
  }
}

/** Scales with at least one decision. */
export function scalesIn(decisions: ReadonlyMap<string, readonly RecordedDecision[]>): readonly string[] {
  return [...new Set([...decisions.values()].flatMap((made) => made.map(({ scale }) => scale)))].sort()
}
