/** What nothing recognises: what no stage could say of it is a sentence on page one. */
import type { LedgerReader } from '../../contracts/ledger.ts'

/** Entries of which some stage says so: the others may not have been asked for, or something was noticed within. */
export function unrecognisedEntries(ledger: LedgerReader): number {
  const counts = ledger.reasons().filter(({ reason }) => reason === 'not-recognised')
  return Math.max(0, ...counts.map(({ entries }) => entries))
}
