/** What persons decided on one scale of the contents of a catalogue, kept up to date event by event. */
import type { CustodyEvent } from '../contracts/custody.ts'
import {
  DecisionReader,
  type Outcome,
  outcomeOf,
  type RecordedDecision,
  standing,
} from '../ledger/custody/decisions.ts'
import type { Catalogue } from './catalogue.ts'

/** "No category yet, into the second pass": an event of its own, with the content and scale in its detail. */
export const NEEDS_EYES = 'needs-eyes'

export class DecidedContents {
  readonly #catalogue: Catalogue
  readonly #scale: string
  readonly #operator: string
  readonly #reader = new DecisionReader()
  readonly #made = new Map<number, RecordedDecision[]>()
  /** Who asked for eyes and did not decide since. */
  readonly #eyes = new Map<number, Set<string>>()

  constructor(catalogue: Catalogue, scale: string, operator: string) {
    this.#catalogue = catalogue
    this.#scale = scale
    this.#operator = operator
  }

  /** @returns the content of which something is said now; null: none of ours */
  take(event: CustodyEvent): number | null {
    const made = this.#reader.take(event)
    if (event.event === NEEDS_EYES && event.detail.scale === this.#scale) {
      const number = this.#catalogue.numberOf(event.detail.sha256 ?? '')
      if (number === null || event.operator === null) return null
      const asking = this.#eyes.get(number)
      if (asking) asking.add(event.operator)
      else this.#eyes.set(number, new Set([event.operator]))
      return number
    }
    if (made === null || made.scale !== this.#scale) return null
    const number = this.#catalogue.numberOf(made.sha256)
    if (number === null) return null
    this.#eyes.get(number)?.delete(made.operator)
    const before = this.#made.get(number)
    if (before) before.push(made)
    else this.#made.set(number, [made])
    return number
  }

  /** Oldest first. */
  made(number: number): readonly RecordedDecision[] {
    return this.#made.get(number) ?? []
  }

  standing(number: number): readonly RecordedDecision[] {
    return standing(this.made(number))
  }

  mine(number: number): RecordedDecision | null {
    const last = this.made(number).findLast(({ operator }) => operator === this.#operator)
    return last && last.act !== 'withdrawn' ? last : null
  }

  outcome(number: number): Outcome {
    return outcomeOf(this.made(number), this.#scale)
  }

  /** @param whose only this person's wish counts; null: anybody's */
  needsEyes(number: number, whose: string | null): boolean {
    const asking = this.#eyes.get(number)
    if (!asking) return false
    return whose === null ? asking.size > 0 : asking.has(whose)
  }
}
