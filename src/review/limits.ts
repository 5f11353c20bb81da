/**
 * An agency's limits of exposure for one person and day: a warning at 80 %, an end at 100 %. The program sets no
 * limits itself.
 */
import type { Revealed } from './exposure.ts'

export interface DayLimits {
  readonly pictures: number | null
  readonly shownMs: number | null
}

export interface DaySoFar {
  readonly pictures: number
  readonly shownMs: number
}

export type LimitState = 'free' | 'warned' | 'reached'

const WARN_SHARE = 0.8

/** @param dayOf function from an instant to its day @param today the day to count */
export function soFar(
  revealed: readonly Revealed[],
  operator: string,
  dayOf: (utc: string) => string,
  today: string,
): DaySoFar {
  const mine = revealed.filter((one) => one.operator === operator && dayOf(one.utc) === today)
  return {
    pictures: mine.reduce((sum, { pictures }) => sum + pictures, 0),
    shownMs: mine.reduce((sum, { shownMs }) => sum + shownMs, 0),
  }
}

export function stateOf({ pictures, shownMs }: DaySoFar, limits: DayLimits): LimitState {
  const shares = [share(pictures, limits.pictures), share(shownMs, limits.shownMs)]
  const most = Math.max(...shares)
  if (most >= 1) return 'reached'
  return most >= WARN_SHARE ? 'warned' : 'free'
}

function share(used: number, limit: number | null): number {
  return limit === null ? 0 : used / limit
}
