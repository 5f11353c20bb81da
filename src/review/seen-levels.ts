/**
 * How much of each content of the catalogue this person was shown, from the events of the custody log. Typed arrays: with
 * a million contents they take nine megabytes.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { LEVELS, type Level, rankOf } from '../contracts/sight.ts'
import { levelOfReveal, type ScreenAsked, screenAskedIn, screenShownIn } from '../ledger/custody/screens.ts'
import type { SeenSoFar } from '../ledger/custody/sights-so-far.ts'
import type { Catalogue } from './catalogue.ts'

export class SeenLevels {
  readonly #catalogue: Catalogue
  readonly #operator: string
  /** Rank + 1; 0: nothing was shown. */
  readonly #ranks: Uint8Array
  readonly #shownMs: Float64Array
  readonly #asked = new Map<number, ScreenAsked>()
  /** What is in sight now, by who shows it. */
  readonly now: ((number: number) => SeenSoFar | null)[] = []

  constructor(catalogue: Catalogue, operator: string) {
    this.#catalogue = catalogue
    this.#operator = operator
    this.#ranks = new Uint8Array(catalogue.size)
    this.#shownMs = new Float64Array(catalogue.size)
  }

  take(event: CustodyEvent): void {
    if (event.operator !== this.#operator) return
    const asked = screenAskedIn(event)
    if (asked) this.#asked.set(asked.number, asked)
    const shown = screenShownIn(event)
    const screen = shown && this.#asked.get(shown.asked)
    if (shown && screen) {
      this.#asked.delete(shown.asked)
      for (const [i, content] of screen.contents.entries()) {
        const ms = shown.shownMs[i]
        if (ms !== null && ms !== undefined) this.#add(numberOf(this.#catalogue, content), screen.level, ms)
      }
    }
    const { fact } = event
    if (fact?.kind === 'reveal' && fact.act === 'shown')
      this.#add(
        this.#catalogue.numberOf(fact.sha256),
        levelOfReveal(fact.treatment) ?? 'grey',
        fact.shownMs ?? 0,
      )
  }

  /** Screens of earlier sessions without an end: they may have been seen, for a time that nobody knows. */
  settle(): void {
    for (const { contents, level } of this.#asked.values())
      for (const content of contents) this.#add(numberOf(this.#catalogue, content), level, 0)
    this.#asked.clear()
  }

  /** With what is in sight now. Null: nothing was shown. */
  of(number: number): SeenSoFar | null {
    const rank = this.#ranks[number]!
    let best: SeenSoFar | null =
      rank === 0 ? null : { level: LEVELS[rank - 1]!, shownMs: this.#shownMs[number]! }
    for (const now of this.now) {
      const seen = now(number)
      if (seen === null) continue
      if (best === null || rankOf(seen.level) > rankOf(best.level)) best = seen
      else if (seen.level === best.level) best = { ...best, shownMs: best.shownMs + seen.shownMs }
    }
    return best
  }

  #add(number: number | null, level: Level, shownMs: number): void {
    if (number === null) return
    const rank = rankOf(level) + 1
    if (rank < this.#ranks[number]!) return
    this.#shownMs[number] = (rank === this.#ranks[number] ? this.#shownMs[number]! : 0) + shownMs
    this.#ranks[number] = rank
  }
}

function numberOf(catalogue: Catalogue, content: string): number | null {
  return catalogue.numberOf(Buffer.from(content, 'base64url').toString('hex'))
}
