/** Who is at work on a served case: at most one session of each person, each with its lease. */
import { isSecret } from '../../review/guard.ts'
import type { Ending } from '../../review/run-route.ts'
import type { Place } from '../../review/said-board.ts'
import type { Certified } from './certificate.ts'
import type { Leases } from './leases.ts'
import { type OpenedReview, Seat } from './seat.ts'

export interface SeatTimes {
  /** Time without a message after which the browser counts as gone. */
  readonly silenceMs: number
  /** Time without an act of a person. */
  readonly idleMs: number
}

/** Checks are a quarter of a second apart. */
const LONG_MS = 1000

export class Seats {
  readonly #of = new Map<string, Seat>()
  readonly #opening = new Map<string, Promise<Seat>>()
  /** Key of the session of a person that ended last: its page does not know it yet, and is no stranger. */
  readonly #former = new Map<string, string>()
  readonly #leases: Leases
  readonly #times: SeatTimes
  #checkedMs = performance.now()
  /** The case is no longer served. */
  #isOver = false
  readonly #ended: (who: Certified, ending: Ending) => void

  constructor(leases: Leases, times: SeatTimes, ended: (who: Certified, ending: Ending) => void) {
    this.#leases = leases
    this.#times = times
    this.#ended = ended
  }

  get all(): readonly Seat[] {
    return [...this.#of.values()]
  }

  of(name: string): Seat | undefined {
    return this.#of.get(name)
  }

  isFormer(name: string, key: string): boolean {
    const former = this.#former.get(name)
    return former !== undefined && isSecret(key, former)
  }

  /**
   * A new session of a person, in place of the former one.
   * @returns null while another one of the same person is being opened, and once the case is no longer served
   */
  async open(who: Certified, at: Place, open: (() => Promise<OpenedReview>) | null): Promise<Seat | null> {
    const { name } = who
    if (this.#opening.has(name) || this.#isOver) return null
    const opening = this.#opened(who, at, open)
    this.#opening.set(name, opening)
    try {
      return await opening
    } finally {
      this.#opening.delete(name)
    }
  }

  async #opened(who: Certified, at: Place, open: (() => Promise<OpenedReview>) | null): Promise<Seat> {
    const before = this.#of.get(who.name)
    if (before) await this.leave(before, { how: 'left', problem: null })
    const seat = new Seat(who, at, open === null ? null : await open())
    this.#of.set(who.name, seat)
    if (seat.opened) this.#leases.take(seat.opened.review.session, performance.now())
    return seat
  }

  /** Ends a session: its lease goes back, and nothing of it is in sight. */
  async leave(seat: Seat, ending: Ending): Promise<void> {
    const { name } = seat.who
    if (this.#of.get(name) !== seat) return
    this.#of.delete(name)
    this.#former.set(name, seat.key)
    let said = ending
    try {
      this.#leases.giveBack(name, 'ended')
    } catch (error) {
      said = { how: 'over', problem: error instanceof Error ? error.message : String(error) }
    }
    try {
      if (seat.opened) said = await seat.opened.close(said)
    } catch (error) {
      said = { how: 'over', problem: error instanceof Error ? error.message : String(error) }
    }
    this.#ended(seat.who, said)
  }

  /** Ends the sessions of browsers that are gone and of persons who did nothing for long. */
  check(): void {
    const now = performance.now()
    const { silenceMs, idleMs } = this.#times
    // While a long piece of work ran, nobody could be heard.
    const deafMs = now - this.#checkedMs
    this.#checkedMs = now
    for (const seat of this.all) {
      if (deafMs > LONG_MS) seat.heardMs += deafMs
      const how = now - seat.heardMs > silenceMs ? 'silent' : now - seat.activeMs > idleMs ? 'idle' : null
      if (how !== null) void this.leave(seat, { how, problem: null })
    }
    this.#leases.expire(now)
  }

  async leaveAll(ending: Ending): Promise<void> {
    this.#isOver = true
    // One that is being opened has its events and processes too: it is ended once it is there.
    await Promise.allSettled(this.#opening.values())
    await Promise.all(this.all.map((seat) => this.leave(seat, ending)))
  }
}
