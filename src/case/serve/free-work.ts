/**
 * Contents that may be handed to a person: in a first pass those that no person graded, as a peer those whose grades this
 * person was never shown.
 */
import { CustodyTail } from '../../ledger/custody/custody-tail.ts'
import { isDone } from '../../review/passes.ts'
import type { ReviewSession } from '../../review/session.ts'

/** Passes in which a person is shown the decisions of others. */
const SHOWING: readonly string[] = ['second', 'adjudicate']

/** Persons who were handed a content in a pass that shows what others decided, from the log of the case. */
export class WhoKnows {
  readonly #tail: CustodyTail
  readonly #known = new Map<string, Set<string>>()

  /** @param root the path whose custody log is the log of the case */
  constructor(root: string) {
    this.#tail = new CustodyTail(root)
    this.catchUp()
  }

  catchUp(): void {
    for (const { event, operator, detail } of this.#tail.next()) {
      if (event !== 'work-leased' || operator === null || !SHOWING.includes(detail.pass ?? '')) continue
      const known = this.#known.get(operator) ?? new Set()
      for (const content of detail.contents?.match(/.{43}/g) ?? []) known.add(content)
      this.#known.set(operator, known)
    }
  }

  knows(person: string, sha256: Buffer): boolean {
    return this.#known.get(person)?.has(sha256.toString('base64url')) === true
  }
}

/** @param number a candidate of the pass of the session */
export function isFreeFor(session: ReviewSession, number: number, who: WhoKnows): boolean {
  const { decided, catalogue, asked } = session
  const { pass, operator } = asked
  const standing = decided.standing(number)
  if (isDone(asked, number, decided)) return false
  switch (pass) {
    case 'first':
      return standing.length === 0 && !decided.needsEyes(number, null)
    case 'second':
      return !standing.some((one) => one.pass !== 'first' && one.pass !== null)
    case 'peer':
      return (
        !standing.some((one) => one.pass === 'peer') && !who.knows(operator, catalogue.sha256Bytes(number))
      )
    case 'adjudicate':
      return !standing.some((one) => one.operator === operator && one.act === 'decided')
  }
}
