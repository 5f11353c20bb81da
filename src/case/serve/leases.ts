/**
 * Work that is handed out in leases: each content is with one person in a pass, until that person has decided, the lease
 * has ended, or a lead gave the rest to somebody else. Every change is an event of the log of the case, before it holds.
 */
import type { Pass } from '../../contracts/custody.ts'
import { isDone } from '../../review/passes.ts'
import type { ReviewSession } from '../../review/session.ts'
import type { AssignedContents } from '../policy/assigned-contents.ts'
import { isFreeFor, type WhoKnows } from './free-work.ts'

export interface Lease {
  readonly pass: Pass
  readonly session: ReviewSession
  /** Numbers of the catalogue, which all sessions of a case have in common. */
  readonly contents: Int32Array
  untilMs: number
}

export interface LeaseTerms {
  /** Contents of one lease. */
  readonly size: number
  readonly lastsMs: number
}

export type ReturnedBy = 'next' | 'expired' | 'reassigned' | 'ended'

export class Leases {
  readonly #terms: LeaseTerms
  readonly #knows: WhoKnows
  readonly #assigned: AssignedContents | null
  /** By person: a person has one session, and with it one lease. */
  readonly #held = new Map<string, Lease>()
  /** Contents that a lead gave to a person, by that person. */
  readonly #kept = new Map<string, Set<number>>()

  /** @param assigned null: nothing is assigned to persons */
  constructor(terms: LeaseTerms, knows: WhoKnows, assigned: AssignedContents | null = null) {
    this.#assigned = assigned
    this.#terms = terms
    this.#knows = knows
  }

  held(person: string): Lease | undefined {
    return this.#held.get(person)
  }

  /** Hands out the next contents, those that a lead chose first, then those assigned to the person, and most urgent first in each. @returns their number */
  take(session: ReviewSession, nowMs: number): number {
    const { operator, pass } = session.asked
    this.giveBack(operator, 'next')
    this.#knows.catchUp()
    const taken = this.#takenBy(pass, operator)
    const free = session
      .candidates()
      .filter((number) => !taken.has(number) && isFreeFor(session, number, this.#knows))
    const own = this.#kept.get(operator) ?? new Set()
    const rank = this.#assigned?.ranksOf(session, Int32Array.from(free)) ?? (() => 1)
    const left = free.filter((number) => !own.has(number))
    const ordered = [
      ...free.filter((number) => own.has(number)),
      ...[0, 1, 2].flatMap((one) => [...left.filter((number) => rank(number) === one)]),
    ]
    const contents = Int32Array.from(ordered.slice(0, this.#terms.size))
    if (contents.length > 0)
      session.log.log('work-leased', {
        pass,
        until: new Date(Date.now() + this.#terms.lastsMs).toISOString(),
        contents: contentsText(session, contents),
      })
    session.handOut(contents, new Set(contents.filter((number) => own.has(number) || rank(number) === 0)))
    for (const number of contents) own.delete(number)
    if (contents.length > 0)
      this.#held.set(operator, { pass, session, contents, untilMs: nowMs + this.#terms.lastsMs })
    return contents.length
  }

  /** A decision of the person: the lease lasts longer. */
  renew(person: string, nowMs: number): void {
    const lease = this.#held.get(person)
    if (lease) lease.untilMs = nowMs + this.#terms.lastsMs
  }

  /** Gives back what is left of a lease. The person can no longer decide on it. */
  giveBack(person: string, why: ReturnedBy): void {
    const lease = this.#held.get(person)
    if (lease === undefined) return
    const { session } = lease
    this.#held.delete(person)
    if (why === 'ended') this.#kept.delete(person)
    const left = leftOf(lease)
    session.handOut(new Int32Array())
    if (left.length > 0) session.log.log('work-returned', { why, contents: contentsText(session, left) })
  }

  expire(nowMs: number): void {
    for (const [person, { untilMs }] of [...this.#held])
      if (nowMs >= untilMs) this.giveBack(person, 'expired')
  }

  /**
   * What is left of a person's lease goes to another person, or to all where `to` is null.
   * @returns digests of the contents
   */
  reassign(from: string, to: string | null): readonly string[] {
    const lease = this.#held.get(from)
    if (lease === undefined) return []
    const left = leftOf(lease)
    this.giveBack(from, 'reassigned')
    if (to !== null) {
      const kept = this.#kept.get(to) ?? new Set()
      for (const number of left) kept.add(number)
      this.#kept.set(to, kept)
    }
    return [...left].map((number) => lease.session.catalogue.sha256(number))
  }

  #takenBy(pass: Pass, person: string): ReadonlySet<number> {
    const taken = new Set<number>()
    for (const [other, lease] of this.#held)
      if (other !== person && lease.pass === pass) for (const number of leftOf(lease)) taken.add(number)
    // What a lead gave to somebody stays for that person.
    for (const [other, kept] of this.#kept) if (other !== person) for (const number of kept) taken.add(number)
    return taken
  }
}

/** What the person has not decided on in this pass. */
export function leftOf({ session, contents }: Lease): Int32Array {
  return contents.filter((number) => !isDone(session.asked, number, session.decided))
}

/** Digests one after the other, base64url of 43 characters each, as in the events of screens. */
function contentsText({ catalogue }: ReviewSession, contents: Int32Array): string {
  return [...contents].map((number) => catalogue.sha256Bytes(number).toString('base64url')).join('')
}
