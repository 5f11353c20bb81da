/**
 * How much of each content each person was shown, from the events of a custody log. Screens are indexed only when somebody
 * asks: a decision that was made in a review says itself what had been shown.
 */
import type { CustodyEvent } from '../../contracts/custody.ts'
import { LEVELS, type Level, rankOf } from '../../contracts/sight.ts'
import { levelOfReveal, type ScreenAsked, screenAskedIn, screenShownIn } from './screens.ts'

export interface SeenSoFar {
  /** Highest level that was shown. */
  readonly level: Level
  /** At that level. */
  readonly shownMs: number
}

interface Shown {
  readonly operator: string
  readonly level: Level
  readonly contents: readonly string[]
  /** By content; null: no pixel left the program. A shorter list: the end is not in the log. */
  readonly shownMs: readonly (number | null)[]
}

/** A time in the index is below this number of milliseconds; the level is above it. */
const LEVEL_UNIT = 2 ** 40

export class SightsSoFar {
  readonly #asked = new Map<number, ScreenAsked>()
  #waiting: Shown[] = []
  readonly #index = new Map<string, number>()
  /** Reveals of logs that do not say the treatment. */
  readonly #revealed = new Set<string>()

  take(event: CustodyEvent): void {
    const asked = screenAskedIn(event)
    if (asked) this.#asked.set(asked.number, asked)
    const shown = screenShownIn(event)
    const screen = shown && this.#asked.get(shown.asked)
    if (shown && screen) {
      this.#asked.delete(shown.asked)
      this.#waiting.push({ ...screen, shownMs: shown.shownMs })
    }
    const { fact, operator } = event
    if (fact?.kind !== 'reveal' || fact.act !== 'shown') return
    const level = levelOfReveal(fact.treatment)
    const content = Buffer.from(fact.sha256, 'hex').toString('base64url')
    const by = operator ?? ''
    if (level === null) this.#revealed.add(keyOf(by, content))
    else this.#waiting.push({ operator: by, level, contents: [content], shownMs: [fact.shownMs ?? 0] })
  }

  /** @param sha256 lower-case hex @returns null when nothing was shown at a known level */
  of(operator: string, sha256: string): SeenSoFar | 'revealed' | null {
    for (const one of this.#waiting) this.#add(one)
    this.#waiting = []
    const key = keyOf(operator, Buffer.from(sha256, 'hex').toString('base64url'))
    // A screen without an end may have been seen: it counts, without a time.
    for (const one of this.#asked.values())
      if (one.operator === operator && one.contents.some((content) => keyOf(operator, content) === key))
        this.#add({ ...one, contents: [key.slice(operator.length + 1)], shownMs: [0] })
    if (this.#revealed.has(key)) return 'revealed'
    const found = this.#index.get(key)
    if (found === undefined) return null
    const rank = Math.floor(found / LEVEL_UNIT)
    return { level: LEVELS[rank]!, shownMs: found - rank * LEVEL_UNIT }
  }

  #add({ operator, level, contents, shownMs }: Shown): void {
    const unit = rankOf(level) * LEVEL_UNIT
    for (const [i, content] of contents.entries()) {
      const ms = shownMs[i]
      if (ms === null || ms === undefined) continue
      const key = keyOf(operator, content)
      const before = this.#index.get(key) ?? -1
      if (before < unit) this.#index.set(key, unit + ms)
      else if (before < unit + LEVEL_UNIT) this.#index.set(key, before + ms)
    }
  }
}

function keyOf(operator: string, content: string): string {
  return `${operator}\0${content}`
}
