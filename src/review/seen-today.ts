/**
 * What one person saw today over several ledgers, as their custody logs have it now: reviews of other ledgers go on meanwhile, and a
 * day ends at midnight although a session does not.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { CustodyTail } from '../ledger/custody/custody-tail.ts'
import { dayIn, distinctReveals, type Revealed, revealsIn } from './exposure.ts'
import { type DaySoFar, soFar } from './limits.ts'

export class SeenToday {
  readonly #operator: string
  readonly #dayOf: (utc: string) => string
  readonly #logs: readonly { readonly tail: CustodyTail; readonly events: CustodyEvent[] }[]
  #revealed: readonly Revealed[] = []

  /**
   * @param ledgers whose logs count, verified by the caller
   * @param zone IANA, in which a day begins and ends
   */
  constructor(ledgers: readonly string[], operator: string, zone: string) {
    this.#operator = operator
    this.#dayOf = dayIn(zone)
    this.#logs = ledgers.map((ledger) => ({ tail: new CustodyTail(ledger), events: [] }))
    this.refresh()
  }

  /** Hears what was logged since. @throws LedgerDamaged or CustodyUnavailable when a log is not what it was */
  refresh(): void {
    for (const { tail, events } of this.#logs)
      for (const event of tail.next())
        if (event.fact?.kind === 'reveal' && event.operator === this.#operator) events.push(event)
    this.#revealed = distinctReveals(this.#logs.flatMap(({ events }) => revealsIn(events)))
  }

  /** As of the last refresh: a reveal that is on the screen counts in full until its end is logged. */
  soFar(utc = new Date().toISOString()): DaySoFar {
    return soFar(this.#revealed, this.#operator, this.#dayOf, this.#dayOf(utc))
  }
}
