/** How far a served case is, and what each person did and saw today: from its log and the logs of its ledgers. */
import type { CustodyEvent } from '../../contracts/custody.ts'
import { readCustody } from '../../ledger/custody/custody.ts'
import { CustodyTail } from '../../ledger/custody/custody-tail.ts'
import type { Catalogue } from '../../review/catalogue.ts'
import { DecidedContents } from '../../review/decided.ts'
import { dayIn, type ExposureDay, exposureOf } from '../../review/exposure.ts'
import type { Board, BoardPerson } from '../../review/said-board.ts'
import type { ReviewOfCase } from '../../review/session-asked.ts'
import type { Role } from '../roles.ts'
import { type Leases, leftOf } from './leases.ts'
import type { People } from './people.ts'
import type { Seats } from './seats.ts'

export interface ProgressOf {
  readonly ofCase: Pick<ReviewOfCase, 'root' | 'reviewed'>
  /** Ledgers whose logs count for the exposure of a day. */
  readonly countAlso: readonly string[]
  readonly scale: string
  readonly people: People
  readonly seats: Seats
  readonly leases: Leases
}

/** Exposure is computed over whole logs: not for every glance. */
const KEEP_MS = 10_000

export class CaseProgress {
  readonly #of: ProgressOf
  readonly #catalogue: Catalogue
  readonly #decided: DecidedContents
  readonly #tail: CustodyTail
  readonly #dayOf: (utc: string) => string
  /** Number of decisions by person, and by person and day. */
  readonly #counts = new Map<string, number>()
  #exposure: { readonly atMs: number; readonly days: readonly ExposureDay[] } | null = null

  constructor(of: ProgressOf) {
    this.#of = of
    this.#catalogue = of.ofCase.reviewed.catalogue
    this.#decided = new DecidedContents(this.#catalogue, of.scale, '')
    this.#tail = new CustodyTail(of.ofCase.root)
    this.#dayOf = dayIn(of.ofCase.reviewed.ledger.case.timezone)
  }

  board(role: Role): Board {
    for (const event of this.#tail.next()) this.#take(event)
    const [catalogue, decided] = [this.#catalogue, this.#decided]
    const found = { contents: catalogue.size, graded: 0, gradedTwice: 0, differing: 0, needsEyes: 0 }
    for (let number = 0; number < catalogue.size; number++) {
      if (decided.needsEyes(number, null)) found.needsEyes++
      const { length } = decided.standing(number)
      if (length > 0) found.graded++
      if (length > 1) found.gradedTwice++
      if (length > 1 && decided.outcome(number).kind === 'differing') found.differing++
    }
    const { people } = this.#of
    people.catchUp()
    return {
      ...found,
      persons: role === 'lead' ? [...people.all].map(([name, one]) => this.#person(name, one)) : [],
    }
  }

  #take(event: CustodyEvent): void {
    this.#decided.take(event)
    const { fact, operator, utc, detail } = event
    if (fact?.kind !== 'decision' || fact.act === 'withdrawn' || operator === null) return
    for (const key of [operator, `${operator}\0${this.#dayOf(detail.decidedUtc ?? utc)}`])
      this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  #person(name: string, role: Role): BoardPerson {
    const { seats, leases } = this.#of
    const seat = seats.of(name)
    const lease = leases.held(name)
    const today = this.#dayOf(new Date().toISOString())
    const day = this.#days().find((one) => one.operator === name && one.day === today)
    const screens = Object.entries(day?.screens ?? {}).filter(([level]) => level !== 'cells')
    const shownMs = screens.reduce((sum, [, one]) => sum + one.shownMs, day?.shownMs ?? 0)
    return {
      name,
      role,
      at: seat?.at ?? null,
      leased: lease?.contents.length ?? 0,
      left: lease === undefined ? 0 : leftOf(lease).length,
      perMinute: seat?.opened?.review.session.progress().perMinute ?? null,
      decidedToday: this.#counts.get(`${name}\0${today}`) ?? 0,
      decided: this.#counts.get(name) ?? 0,
      picturesToday: screens.reduce((sum, [, { contents }]) => sum + contents, day?.pictures ?? 0),
      secondsToday: Math.ceil(shownMs / 1000),
    }
  }

  #days(): readonly ExposureDay[] {
    const atMs = performance.now()
    if (this.#exposure === null || atMs - this.#exposure.atMs > KEEP_MS) {
      const { ofCase, countAlso } = this.#of
      const logs = [ofCase.root, ...countAlso].map((path) => ({ ledger: path, events: readCustody(path) }))
      this.#exposure = { atMs, days: exposureOf(logs, ofCase.reviewed.ledger.case.timezone) }
    }
    return this.#exposure.days
  }
}
