/**
 * How long a lister has been silent: by what it worked, where it works. On a busy machine a minute may give it seconds, so that
 * time alone takes a slow lister for a stuck one; one that goes in circles uses up its time all the same.
 */
export class Silence {
  readonly #lookMs: number
  readonly #limitMs: number
  #silentMs = 0
  #workedMs: number | null = null

  /** @param lookMs between two looks, however late one is @param limitMs after so much silence it is taken to hang */
  constructor(lookMs: number, limitMs: number) {
    this.#lookMs = lookMs
    this.#limitMs = limitMs
  }

  /**
   * @param moved    it gave a sign since the last look, or nobody waits for one
   * @param workedMs CPU time of its main thread so far; null: not to be had, time counts
   * @returns whether it hangs
   */
  look(moved: boolean, workedMs: number | null): boolean {
    const worked = workedMs === null || this.#workedMs === null ? 0 : workedMs - this.#workedMs
    this.#workedMs = workedMs
    // One that does not work at all waits for a read that does not return.
    this.#silentMs = moved ? 0 : this.#silentMs + (worked > 0 ? Math.min(worked, this.#lookMs) : this.#lookMs)
    return this.#silentMs >= this.#limitMs
  }
}
