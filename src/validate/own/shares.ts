/**
 * Counted shares of an agency's sample: sums and intervals, and no share of a group so small that it would reveal
 * single items.
 */
import { type Interval, wilson } from '../../classify/statistics.ts'
import { clopperPearson } from '../model/figures.ts'

/** Smaller groups are counted and get no share. */
export const LEAST_OF_GROUP = 10

export interface Share {
  readonly count: number
  readonly of: number
  /** Clopper and Pearson, for acceptance. */
  readonly accepted: Interval
  /** Wilson, for display. */
  readonly shown: Interval
}

export function share(count: number, of: number): Share | null {
  return of === 0 ? null : { count, of, accepted: clopperPearson(count, of), shown: wilson(count, of)! }
}

/**
 * Difference of two shares with its 95 % interval, by the hybrid of two Wilson intervals.
 * @see R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17, 1998, method 10
 */
export function difference(a: Share, b: Share): Interval {
  const value = a.shown.value - b.shown.value
  const part = (x: number, y: number) => Math.sqrt(x * x + y * y)
  return {
    value,
    low: value - part(a.shown.value - a.shown.low, b.shown.high - b.shown.value),
    high: value + part(a.shown.high - a.shown.value, b.shown.value - b.shown.low),
  }
}
