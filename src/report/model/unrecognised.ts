/** Unrecognised entries: a sentence on page one states that no stage could examine them. */
import type { EntryTotals } from '../../contracts/ledger-reader.ts'

/**
 * Number of entries with reason `not-recognised` in some stage. Other stages may not have been planned, or embedded
 * data was detected.
 */
export function unrecognisedEntries(ledger: EntryTotals): number {
  const counts = ledger.reasons().filter(({ reason }) => reason === 'not-recognised')
  return Math.max(0, ...counts.map(({ entries }) => entries))
}
