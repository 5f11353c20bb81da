/** Figures of held-out scores: recall at fixed rates of false positives, calibration, and their intervals. */
import { areaUnderCurve, type Interval, wilson } from '../classify/statistics.ts'
import type { TrainingRow } from './rows.ts'

export interface Scored {
  readonly logits: Float64Array
  readonly positive: Uint8Array
  readonly group: Int32Array
}

export interface AtRate {
  readonly rate: number
  /** Logit that at most this share of the negatives reaches. */
  readonly threshold: number
  /** Interval: 95 % of 1,000 draws of whole groups, since pictures of one case are not independent. */
  readonly recall: Interval
}

export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly rows: number
  /** Mean of what was estimated, and share of positives. */
  readonly estimated: number | null
  readonly observed: number | null
}

/** More would be a column of identifiers. */
const MOST_GROUPS = 100
const DRAWS = 1000
const BINS = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1] as const

/** Null where this share of the negatives is less than one row. */
export function atRate({ logits, positive, group }: Scored, rate: number): AtRate | null {
  const order = Array.from(logits.keys()).sort(
    (a, b) => logits[b]! - logits[a]! || positive[a]! - positive[b]!,
  )
  const negatives = order.filter((i) => !positive[i])
  if (negatives.length * rate < 1) return null
  const last = negatives[Math.floor(negatives.length * rate)]
  const threshold = last === undefined ? Number.NEGATIVE_INFINITY : logits[last]!
  const groups = group.reduce((most, one) => Math.max(most, one + 1), 0)
  const random = randomOf(0x5e12ed)
  const shares: number[] = []
  for (let n = 0; n < DRAWS; n++) {
    const weight = new Uint16Array(groups)
    for (let k = 0; k < groups; k++) weight[Math.floor(random() * groups)]!++
    const share = recallOf(order, positive, (i) => weight[group[i]!]!, rate)
    if (share !== null) shares.push(share)
  }
  shares.sort((a, b) => a - b)
  const value = recallOf(order, positive, () => 1, rate) ?? 0
  const quantile = (share: number) => shares[Math.floor(share * (shares.length - 1))] ?? value
  return {
    rate,
    threshold,
    recall: { value, low: Math.min(value, quantile(0.025)), high: Math.max(value, quantile(0.975)) },
  }
}

export interface AsUsed {
  readonly recall: Interval | null
  readonly falsePositiveRate: Interval | null
}

/** Counts at a threshold that the other folds alone decided, so that nothing was chosen on the rows that are counted. */
export function asUsed(
  { logits, positive }: Scored,
  fold: Int32Array,
  folds: number,
  rate: number,
  isCounted: (row: number) => boolean = () => true,
): AsUsed {
  let [found, positives, wrong, negatives] = [0, 0, 0, 0]
  for (let f = 0; f < folds; f++) {
    const others = Array.from(logits.keys())
      .filter((i) => fold[i] !== f && !positive[i])
      .map((i) => logits[i]!)
      .sort((a, b) => b - a)
    const threshold = others[Math.floor(others.length * rate)] ?? Number.POSITIVE_INFINITY
    for (const i of logits.keys()) {
      if (fold[i] !== f || !isCounted(i)) continue
      const isMarked = logits[i]! > threshold
      if (positive[i]) {
        positives++
        if (isMarked) found++
      } else {
        negatives++
        if (isMarked) wrong++
      }
    }
  }
  return { recall: wilson(found, positives), falsePositiveRate: wilson(wrong, negatives) }
}

/** The same for each value of each group of the labels; a group of few rows has a wide interval, and is shown with it. */
export function byGroup(
  rows: readonly TrainingRow[],
  used: (isCounted: (row: number) => boolean) => AsUsed,
): (AsUsed & { readonly group: string; readonly value: string })[] {
  const found = new Map<string, { readonly group: string; readonly value: string }>()
  for (const { groups = {} } of rows)
    for (const [group, value] of Object.entries(groups))
      found.set(JSON.stringify([group, value]), { group, value })
  const named = [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, MOST_GROUPS)
  return named.map(([, { group, value }]) => ({
    group,
    value,
    ...used((row) => rows[row]!.groups?.[group] === value),
  }))
}

export function areaOf({ logits, positive }: Scored): Interval | null {
  const of = (label: number) => Array.from(logits).filter((_, i) => positive[i] === label)
  return areaUnderCurve(of(1), of(0))
}

export function calibrationOf({ logits, positive }: Scored): CalibrationBin[] {
  return BINS.slice(1).map((to, k) => {
    const from = BINS[k]!
    const inside = Array.from(logits, (logit, i) => ({
      p: 1 / (1 + Math.exp(-logit)),
      is: positive[i]!,
    })).filter(({ p }) => p >= from && (p < to || to === 1))
    const mean = (sum: number) => (inside.length === 0 ? null : sum / inside.length)
    return {
      from,
      to,
      rows: inside.length,
      estimated: mean(inside.reduce((sum, { p }) => sum + p, 0)),
      observed: mean(inside.reduce((sum, { is }) => sum + is, 0)),
    }
  })
}

/** Share of the positives above the threshold that at most `rate` of the negatives reaches, each row by its weight. */
function recallOf(
  order: readonly number[],
  positive: Uint8Array,
  weight: (row: number) => number,
  rate: number,
): number | null {
  let [positives, negatives] = [0, 0]
  for (const i of order) {
    if (positive[i]) positives += weight(i)
    else negatives += weight(i)
  }
  if (positives === 0 || negatives === 0) return null
  let [found, wrong] = [0, 0]
  for (const i of order) {
    if (positive[i]) found += weight(i)
    else if ((wrong += weight(i)) > negatives * rate) break
  }
  return found / positives
}

/** Mulberry32: draws that are the same on every machine. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}
