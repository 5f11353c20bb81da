/**
 * Measures how long a lister has been silent, by its CPU time while it works.
 * On a busy machine a process may get seconds of CPU in a minute, so the wall clock would take a slow lister
 * for a stuck one. A lister in an endless loop uses up its CPU time all the same.
 */
export class Silence {
  readonly #lookMs: number
  readonly #limitMs: number
  #silentMs = 0
  #workedMs: number | null = null

  /**
   * @param lookMs milliseconds between two checks, however late one is @param limitMs after this silence the
   *   lister counts as hanging
   */
  constructor(lookMs: number, limitMs: number) {
    this.#lookMs = lookMs
    this.#limitMs = limitMs
  }

  /**
   * @param moved the lister showed progress since the last check, or no request waits for it
   * @param workedMs CPU time of its main thread so far; null: unknown, the wall clock counts
   * @returns true where the lister hangs
   */
  look(moved: boolean, workedMs: number | null): boolean {
    const worked = workedMs === null || this.#workedMs === null ? 0 : workedMs - this.#workedMs
    this.#workedMs = workedMs
    // A lister that uses no CPU at all waits for a read that does not return.
    this.#silentMs = moved ? 0 : this.#silentMs + (worked > 0 ? Math.min(worked, this.#lookMs) : this.#lookMs)
    return this.#silentMs >= this.#limitMs
  }
}
