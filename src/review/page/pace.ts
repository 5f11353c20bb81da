/**
 * Time since the last break of a session, measured by what the person does. A reminder is due every so many minutes without a
 * break. It is a clock and nothing else: it judges no pace, and no claim is made that a break protects.
 */

/** So long without a key or a pointer is a break. */
export const BREAK_MS = 5 * 60_000

export class Pace {
  readonly #pauseMs: number
  #sinceMs: number
  #activeMs: number
  #reminded = 0

  constructor(pauseMs: number, nowMs: number) {
    this.#pauseMs = pauseMs
    this.#sinceMs = this.#activeMs = nowMs
  }

  /** The person did something. */
  active(nowMs: number): void {
    if (nowMs - this.#activeMs >= BREAK_MS) {
      this.#sinceMs = nowMs
      this.#reminded = 0
    }
    this.#activeMs = nowMs
  }

  /** Whole minutes since the last break; null while one is being taken. */
  minutes(nowMs: number): number | null {
    if (nowMs - this.#activeMs >= BREAK_MS) return null
    return Math.floor((nowMs - this.#sinceMs) / 60_000)
  }

  /** True once for each time that a pause is to be suggested. */
  isDue(nowMs: number): boolean {
    if (nowMs - this.#activeMs >= BREAK_MS) return false
    const times = Math.floor((nowMs - this.#sinceMs) / this.#pauseMs)
    if (times <= this.#reminded) return false
    this.#reminded = times
    return true
  }
}
