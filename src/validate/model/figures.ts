/** Intervals of counted shares, for acceptance: Clopper and Pearson's is never below its nominal coverage. */
import type { Interval } from '../../classify/statistics.ts'

/**
 * Two-sided 95 % interval of a share.
 * @see C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934
 */
export function clopperPearson(hits: number, of: number): Interval {
  if (!(of > 0 && hits >= 0 && hits <= of))
    throw new RangeError(`${hits} of ${of} is no share of what was counted`)
  return {
    value: hits / of,
    low: hits === 0 ? 0 : bisect((p) => 1 - atMost(hits - 1, of, p) < 0.025),
    high: hits === of ? 1 : bisect((p) => atMost(hits, of, p) > 0.025),
  }
}

/** Recall shown at 95 % (one-sided) by this number of plants without a miss: 59 show 95 %, 299 show 99 %. */
export function shownByNoMiss(of: number): number {
  return of === 0 ? 0 : 0.05 ** (1 / of)
}

/** Greatest p in [0, 1] at which `holds` is true; it is true up to one p and false beyond. */
function bisect(holds: (p: number) => boolean): number {
  let low = 0
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (holds(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(X ≤ k) for X of the binomial distribution, added up in log space. */
function atMost(k: number, n: number, p: number): number {
  let log = n * Math.log1p(-p)
  let sum = Math.exp(log)
  for (let i = 1; i <= k; i++) {
    log += Math.log(n - i + 1) - Math.log(i) + Math.log(p) - Math.log1p(-p)
    sum += Math.exp(log)
  }
  return Math.min(1, sum)
}
