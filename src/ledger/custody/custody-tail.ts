/**
 * Follows a custody log that other processes append to as well. It reads the new events and checks that they continue
 * the chain that was read before.
 */
import { LedgerDamaged } from '../../base/errors.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { custodyPath, eventOf, hasSidecar, openSidecar, translatingCustody } from './custody.ts'
import type { CustodyRow } from './custody-head.ts'
import { factsOf } from './fact-rows.ts'

export class CustodyTail {
  readonly #path: string
  #number = 0
  #head: string | null = null

  constructor(ledgerPath: string) {
    this.#path = custodyPath(ledgerPath)
  }

  /** The new events, in order. @throws LedgerDamaged when an event that was read before is no longer there */
  next(): readonly CustodyEvent[] {
    if (this.#head === null && !hasSidecar(this.#path)) return []
    return translatingCustody(this.#path, () => {
      const db = openSidecar(this.#path)
      try {
        const rows = db
          .prepare<[number], CustodyRow>('SELECT * FROM custody WHERE number >= ? ORDER BY number')
          .all(this.#number)
        if (this.#head !== null && rows.shift()?.head.toString('hex') !== this.#head)
          throw new LedgerDamaged(
            `${this.#path} no longer holds what it held: event ${this.#number} is another`,
          )
        const facts = factsOf(db, db.pragma('user_version', { simple: true }) as number, this.#number)
        const events = rows.map((row) => eventOf(row, facts.get(row.number) ?? null))
        const last = events.at(-1)
        if (last) [this.#number, this.#head] = [last.number, last.head]
        return events
      } finally {
        db.close()
      }
    })
  }
}
