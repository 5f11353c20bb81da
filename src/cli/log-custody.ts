/** Custody events of commands that only read: on a medium that cannot be written they warn and go on. */
import { printText } from '../base/evidence-path.ts'
import { appendCustody, CustodyUnavailable, type NewCustodyEvent } from '../ledger/custody/custody.ts'

/** Not for a reveal, which is refused where it cannot be logged. */
export function logCustody(ledger: string, event: NewCustodyEvent): void {
  try {
    appendCustody(ledger, event)
  } catch (error) {
    if (!(error instanceof CustodyUnavailable)) throw error
    process.stderr.write(
      `seized: warning: ${printText(error.message)} The event "${event.event}" is not in the custody log.\n`,
    )
  }
}
