/** Limits of a day by level of sight, from an agency's policy: when one is reached, the level below it is shown. */
import type { Level } from '../contracts/sight.ts'
import type { SeenToday } from './seen-today.ts'
import type { SightRules } from './sight-rules.ts'

export interface DayOfLevels {
  /** Reads what was shown meanwhile, also by reviews of other ledgers. */
  refresh(): void
  isAllowed(level: Level): boolean
}

export const NO_LIMITS: DayOfLevels = { refresh: () => {}, isAllowed: () => true }

const MINUTE_MS = 60_000

/** @throws LedgerDamaged or CustodyUnavailable on refresh when a log cannot be counted */
export function dayOfLevels(seen: SeenToday, day: SightRules['day']): DayOfLevels {
  const limited = Object.entries(day) as [Level, NonNullable<SightRules['day'][Level]>][]
  if (limited.length === 0) return NO_LIMITS
  const reached = new Set<Level>()
  return {
    refresh: () => {
      seen.refresh()
      const shown = seen.levels()
      reached.clear()
      for (const [level, { tiles, minutes }] of limited) {
        const { contents = 0, shownMs = 0 } = shown[level] ?? {}
        if ((tiles !== null && contents >= tiles) || (minutes !== null && shownMs >= minutes * MINUTE_MS))
          reached.add(level)
      }
    },
    isAllowed: (level) => !reached.has(level),
  }
}
