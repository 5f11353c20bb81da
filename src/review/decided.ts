/** Decisions of persons on one scale for the contents of a catalogue, kept up to date event by event. */
import type { CustodyEvent } from '../contracts/custody.ts'
import {
  DecisionReader,
  type Outcome,
  outcomeOf,
  type RecordedDecision,
  standing,
} from '../ledger/custody/decisions.ts'
import type { Catalogue } from './catalogue.ts'

/** "No category yet, keep for the second pass": an event of its own, with the content and scale in its detail. */
export const NEEDS_EYES = 'needs-eyes'

export class DecidedContents {
  readonly #catalogue: Catalogue
  readonly #scale: string
  readonly #operator: string
  readonly #reader = new DecisionReader()
  readonly #made = new Map<number, RecordedDecision[]>()
  /** Persons who asked for a second pass and have not decided since, with the time. */
  readonly #eyes = new Map<number, Map<string, string>>()

  constructor(catalogue: Catalogue, scale: string, operator: string) {
    this.#catalogue = catalogue
    this.#scale = scale
    this.#operator = operator
  }

  /** @returns the content that the event concerns; null when it is not in the catalogue */
  take(event: CustodyEvent): number | null {
    const made = this.#reader.take(event)
    if (event.event === NEEDS_EYES && event.detail.scale === this.#scale) {
      const number = this.#catalogue.numberOf(event.detail.sha256 ?? '')
      if (number === null || event.operator === null) return null
      this.#ask(number, event.operator, event.detail.markedUtc ?? event.utc)
      return number
    }
    if (made === null || made.scale !== this.#scale) return null
    const number = this.#catalogue.numberOf(made.sha256)
    if (number === null) return null
    const asked = this.#eyes.get(number)
    // A case takes in later what persons did on single ledgers before.
    if ((asked?.get(made.operator) ?? '') <= made.utc) asked?.delete(made.operator)
    const before = this.#made.get(number)
    if (before) before.push(made)
    else this.#made.set(number, [made])
    return number
  }

  #ask(number: number, operator: string, utc: string): void {
    if (this.made(number).some((one) => one.operator === operator && one.utc > utc)) return
    const asking = this.#eyes.get(number)
    if (asking) asking.set(operator, utc)
    else this.#eyes.set(number, new Map([[operator, utc]]))
  }

  /** True once any content was decided on. */
  get hasAny(): boolean {
    return this.#made.size > 0
  }

  /** Decisions, oldest first. */
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

  /** @param whose count only this person's request; null: any person's */
  needsEyes(number: number, whose: string | null): boolean {
    const asking = this.#eyes.get(number)
    if (!asking) return false
    return whose === null ? asking.size > 0 : asking.has(whose)
  }
}
