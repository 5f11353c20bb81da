/** Rates with their uncertainty: the statements about a model that a counted sample supports. */

export interface Interval {
  readonly value: number
  /** 95 % interval. */
  readonly low: number
  readonly high: number
}

/** Two-sided 95 % point of the normal distribution. */
const Z = 1.959963984540054

/**
 * A share with its Wilson interval; null for no observation.
 * @see E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927
 */
export function wilson(hits: number, of: number): Interval | null {
  if (of === 0) return null
  const share = hits / of
  const z2 = Z * Z
  const middle = (share + z2 / (2 * of)) / (1 + z2 / of)
  const half = (Z * Math.sqrt((share * (1 - share)) / of + z2 / (4 * of * of))) / (1 + z2 / of)
  // For 0 and for all, the bounds are exactly 0 and 1, without rounding errors.
  return { value: share, low: hits === 0 ? 0 : middle - half, high: hits === of ? 1 : middle + half }
}

/**
 * Area under the ROC curve with DeLong's interval; null without both kinds.
 * @see E. R. DeLong et al., "Comparing the areas under two or more correlated ROC curves", Biometrics 44, 1988
 */
export function areaUnderCurve(positives: readonly number[], negatives: readonly number[]): Interval | null {
  if (positives.length === 0 || negatives.length === 0) return null
  const pos = [...positives].sort((a, b) => a - b)
  const neg = [...negatives].sort((a, b) => a - b)
  // For each score, the share of the other kind below it (ties count half).
  const above = pos.map((p) => placement(neg, p))
  const below = neg.map((n) => 1 - placement(pos, n))
  const area = mean(above)
  const deviation = Math.sqrt(variance(above, area) / pos.length + variance(below, area) / neg.length)
  return { value: area, low: Math.max(0, area - Z * deviation), high: Math.min(1, area + Z * deviation) }
}

/** Share of `sorted` below the value, ties counted half. */
function placement(sorted: readonly number[], value: number): number {
  return (firstIndex(sorted, (s) => s >= value) + firstIndex(sorted, (s) => s > value)) / 2 / sorted.length
}

function firstIndex(sorted: readonly number[], holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}

function variance(values: readonly number[], around: number): number {
  if (values.length < 2) return 0
  return values.reduce((sum, v) => sum + (v - around) ** 2, 0) / (values.length - 1)
}

/** The lowest threshold at which at most this share of the negatives is marked; null when there is none. */
export function thresholdAt(negatives: readonly number[], share: number): number | null {
  const sorted = [...negatives].sort((a, b) => b - a)
  const allowed = Math.floor(sorted.length * share)
  const next = sorted[allowed]
  if (next === undefined) return 1
  // One part above the strongest negative that must not be marked.
  return next >= 10_000 ? null : next + 1
}

/** Share of correct marks among all marked items, if `prevalence` of all items are positive. */
export function predictiveValue(
  recall: number,
  falsePositiveRate: number,
  prevalence: number,
): number | null {
  const marked = recall * prevalence + falsePositiveRate * (1 - prevalence)
  return marked === 0 ? null : (recall * prevalence) / marked
}
