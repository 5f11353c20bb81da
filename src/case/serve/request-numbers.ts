/** Numbers of the requests of one session: each is used once, so that a request that was recorded cannot be sent again. */

/** Requests may overtake each other by so many. */
const WINDOW = 1024

export class RequestNumbers {
  readonly #used = new Set<number>()
  #highest = 0

  /** @param header value of `Seized-Request` @returns false for a number that was used, or that is missing or too old */
  take(header: string | readonly string[] | undefined): boolean {
    if (typeof header !== 'string' || !/^[1-9]\d{0,9}$/.test(header)) return false
    const number = Number(header)
    if (number <= this.#highest - WINDOW || this.#used.has(number)) return false
    this.#used.add(number)
    this.#highest = Math.max(this.#highest, number)
    if (this.#used.size > 2 * WINDOW)
      for (const one of this.#used) if (one <= this.#highest - WINDOW) this.#used.delete(one)
    return true
  }
}
