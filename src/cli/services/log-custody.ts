/**
 * Custody events of commands: each is logged, its head goes into the journal of heads and is printed, so that a person can keep
 * it on paper.
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

/** @param heads `--heads`. @throws CustodyUnavailable when the event cannot be logged */
export function recordCustody(ledger: string, event: CommandEvent, heads: string | undefined): CustodyEvent {
  const made = appendCustody(ledger, { ...event, account: osAccount() })
  sayHead(ledger, made, heads)
  return made
}

/** Of events that are logged already: the head of the last one. On standard error, because outputs may go to standard output. */
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

/** What an event says of a ledger that did not verify; nothing of one that did. */
export function damageDetail(damage: readonly string[]): { readonly despiteDamage?: string } {
  return damage.length === 0 ? {} : { despiteDamage: String(damage.length) }
}

/** For commands that only read: on a medium that cannot be written they warn and go on. Not for a reveal. */
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
