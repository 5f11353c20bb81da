/** Sources of time that a run compares with the clock of its machine, to detect a clock that is behind. */
export const CLOCK_AGAINST = ['exhibit', 'ledger', 'heads'] as const

/** The clock showed an earlier time than an existing record. Either the clock is behind, or the record is false. */
export interface ClockBehind {
  /** Modification times of listed entries, the ledger's own record, or the journal of heads. */
  readonly against: (typeof CLOCK_AGAINST)[number]
  /** Time of the clock, ISO-8601 UTC. */
  readonly clock: string
  /** The newest time that is later than the clock. */
  readonly newest: string
  /** Number of entries with a later time; null unless `against` is `exhibit`. */
  readonly entries: number | null
}

export const CLOCK_BEHIND = 'clock-behind'
/** Event. Its detail `against` lists the sources that the clock was compared with. */
export const CLOCK_COMPARED = 'clock-compared'

/** Clocks of machines differ, and networks delay messages: a smaller difference is not reported. */
export const CLOCK_TOLERANCE_MS = 300_000
