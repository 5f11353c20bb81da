/**
 * The queue of rescue: contents that may speak of a child at risk now. A rule proposes (rescue-rule.ts), and the last word
 * of a person stands. The queue says that a person should look at once, never that a child is at risk.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { RescueMoves } from '../ledger/custody/rescue-moves.ts'
import type { ReviewedLedger } from './reviewed-ledger.ts'
import type { RescueCounted, RescueSaid } from './said-rescue.ts'

/** What a review gives the queue. */
interface Reviewed {
  readonly reviewed: Pick<ReviewedLedger, 'catalogue' | 'rescue'>
  isInPass(number: number): boolean
}

export class RescueQueue {
  readonly #session: Reviewed
  readonly #moves = new RescueMoves()

  constructor(session: Reviewed) {
    this.#session = session
  }

  /** In a blind pass an event of another person would say what that person thought: the caller leaves it out. */
  take(event: CustodyEvent): void {
    this.#moves.take(event)
  }

  /** Asks the rule of all contents, while others are served. @throws UsageError when the review ends meanwhile */
  async ready(): Promise<void> {
    await this.#session.reviewed.rescue.made()
  }

  /** Number of its contents, or how much of the ledger the rule was asked of. */
  counted(): RescueCounted {
    const { rescue } = this.#session.reviewed
    rescue.begin()
    return { rescue: this.size, share: rescue.share }
  }

  /** @param number of the catalogue */
  has(number: number): boolean {
    const { catalogue, rescue } = this.#session.reviewed
    const last = this.#moves.of(catalogue.sha256(number)).at(-1)
    return last?.isIn ?? rescue.atOnce().has(number)
  }

  of(number: number): RescueSaid {
    const { catalogue, rescue } = this.#session.reviewed
    const moves = this.#moves.of(catalogue.sha256(number))
    const reasons = rescue.of(number)
    return { isIn: moves.at(-1)?.isIn ?? reasons.length > 0, reasons, moves }
  }

  /** Number of contents of the pass in the queue; null while the rule is asked. */
  get size(): number | null {
    const { catalogue, rescue } = this.#session.reviewed
    if (rescue.proposed === null) return null
    const numbers = new Set(rescue.proposed.keys())
    for (const sha256 of this.#moves.contents()) {
      const number = catalogue.numberOf(sha256)
      if (number !== null) numbers.add(number)
    }
    return [...numbers].filter((number) => this.#session.isInPass(number) && this.has(number)).length
  }
}
