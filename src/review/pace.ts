/** The pace of a session: decisions that were made in it, and the time that the rest will take at that pace. */
import type { Progress } from './said.ts'

/** Minimum number of decisions for an estimate of the pace. */
const PACE_OF = 10

export class Pace {
  readonly #startMs = Date.now()
  #made = 0

  get made(): number {
    return this.#made
  }

  count(decisions: number): void {
    this.#made += decisions
  }

  /** @param left contents that are not decided yet */
  of(left: number): Pick<Progress, 'leftMs' | 'perMinute'> {
    const perContentMs = this.#made < PACE_OF ? null : (Date.now() - this.#startMs) / this.#made
    if (perContentMs === null) return { leftMs: null, perMinute: null }
    return { leftMs: Math.round(left * perContentMs), perMinute: Math.round(60_000 / perContentMs) }
  }
}
