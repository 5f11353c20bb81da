/**
 * Exposure of one person today over several ledgers, from the current state of their custody logs. Reviews of other
 * ledgers continue meanwhile, and a day ends at midnight although a session does not.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { CustodyTail } from '../ledger/custody/custody-tail.ts'
import { dayIn, distinctReveals, type Revealed, revealsIn } from './exposure.ts'
import { type DaySoFar, soFar } from './limits.ts'
import { byLevel, distinctScreens, type Screened, screensIn } from './screen-exposure.ts'

export class SeenToday {
  readonly #operator: string
  readonly #dayOf: (utc: string) => string
  readonly #logs: readonly { readonly tail: CustodyTail; readonly events: CustodyEvent[] }[]
  #revealed: readonly Revealed[] = []
  #screened: readonly Screened[] | null = null

  /**
   * @param ledgers ledgers whose logs count, verified by the caller
   * @param zone IANA zone that defines the day
   */
  constructor(ledgers: readonly string[], operator: string, zone: string) {
    this.#operator = operator
    this.#dayOf = dayIn(zone)
    this.#logs = ledgers.map((ledger) => ({ tail: new CustodyTail(ledger), events: [] }))
    this.refresh()
  }

  /** Reads the new events. @throws LedgerDamaged or CustodyUnavailable when a log does not continue its former state */
  refresh(): void {
    for (const { tail, events } of this.#logs)
      for (const event of tail.next())
        if (event.operator === this.#operator && isSight(event)) events.push(event)
    this.#screened = null
    this.#revealed = distinctReveals(this.#logs.flatMap(({ events }) => revealsIn(events)))
  }

  /** Tiles of today by level, as of the last refresh. */
  levels(utc = new Date().toISOString()): ReturnType<typeof byLevel> {
    this.#screened ??= distinctScreens(this.#logs.flatMap(({ events }) => screensIn(events)))
    const today = this.#dayOf(utc)
    return byLevel(this.#screened.filter((one) => this.#dayOf(one.utc) === today))
  }

  /** As of the last refresh: a reveal that is on the screen counts with its full time until its end is logged. */
  soFar(utc = new Date().toISOString()): DaySoFar {
    return soFar(this.#revealed, this.#operator, this.#dayOf, this.#dayOf(utc))
  }
}

function isSight({ event, fact }: CustodyEvent): boolean {
  return fact?.kind === 'reveal' || event === 'screen-asked' || event === 'screen-shown'
}
