/**
 * Custody events of commands: each is logged, and its head is added to the journal of heads and printed, so that a
 * person can keep it on paper.
 */

import { printText } from '../../base/evidence-path.ts'
import { osAccount } from '../../base/os-account.ts'
import type { CustodyEvent, CustodyEventName } from '../../contracts/custody.ts'
import { appendCustody, CustodyUnavailable, type NewCustodyEvent } from '../../ledger/custody/custody.ts'
import { warnOfExposedLedger } from './exposed-files.ts'
import { noteHead } from './heads.ts'

export type CommandEvent = Omit<NewCustodyEvent, 'account' | 'event'> & {
  readonly event: CustodyEventName
}

/** @param heads value of `--heads` @throws CustodyUnavailable when the event cannot be logged */
export function recordCustody(ledger: string, event: CommandEvent, heads: string | undefined): CustodyEvent {
  const made = appendCustody(ledger, { ...event, account: osAccount() })
  sayHead(ledger, made, heads)
  return made
}

/** Prints the head of the last event that was logged; on standard error, because outputs may go to standard output. */
export function sayHead(
  ledger: string,
  { head, utc, detail }: CustodyEvent,
  heads: string | undefined,
): void {
  warnOfExposedLedger(ledger)
  noteHead(ledger, head, heads)
  if (detail.clockBehind !== undefined)
    process.stderr.write(
      `seized: warning: this machine's clock says ${utc}, before the last event of the custody log (${printText(detail.clockBehind)}): that is recorded with the event.\n`,
    )
  process.stderr.write(`custody head     ${head}\n`)
}

/** Event detail for a ledger that did not verify; empty for one that did. */
export function damageDetail(damage: readonly string[]): { readonly despiteDamage?: string } {
  return damage.length === 0 ? {} : { despiteDamage: String(damage.length) }
}

/** For commands that only read: on a read-only medium they warn and continue. Not for a reveal. */
export function logCustody(ledger: string, event: CommandEvent, heads: string | undefined): void {
  try {
    recordCustody(ledger, event, heads)
  } catch (error) {
    if (!(error instanceof CustodyUnavailable)) throw error
    process.stderr.write(
      `seized: warning: ${printText(error.message)} The event "${event.event}" is not in the custody log.\n`,
    )
  }
}
