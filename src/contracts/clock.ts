/** What a run was compared with to see whether its machine's clock is behind. */
export const CLOCK_AGAINST = ['exhibit', 'ledger', 'heads'] as const

/** The clock said less than something that was there before: it is behind, or what it was compared with is not true. */
export interface ClockBehind {
  /** Modification times of listed entries, the ledger's own record, or the journal of heads. */
  readonly against: (typeof CLOCK_AGAINST)[number]
  /** What the clock said, ISO-8601 UTC. */
  readonly clock: string
  /** The newest of what is later. */
  readonly newest: string
  /** Entries that are later; null where it is not about entries. */
  readonly entries: number | null
}

export const CLOCK_BEHIND = 'clock-behind'
/** Event: its detail names in `against`, one after another, what the clock was compared with. */
export const CLOCK_COMPARED = 'clock-compared'

/** Clocks of machines differ, and networks take time: less than that is nothing to speak of. */
export const CLOCK_TOLERANCE_MS = 300_000
