/** Cache of the last few values by key, for parts that a container decoded. */
export class Recent<K, V> {
  readonly #held = new Map<K, V>()
  readonly #limit: number
  readonly #gone: (value: V) => void

  /**
   * @param limit most values to keep, at least 1 @param gone called with each dropped value, which has no other user
   */
  constructor(limit: number, gone: (value: V) => void = () => {}) {
    this.#gone = gone
    this.#limit = Math.max(1, Math.floor(limit))
  }

  get(key: K, make: () => V): V {
    const held = this.#held.get(key)
    if (held !== undefined) {
      this.#held.delete(key)
      this.#held.set(key, held)
      return held
    }
    const made = make()
    if (this.#held.size >= this.#limit) {
      for (const [oldest, value] of this.#held) {
        this.#held.delete(oldest)
        this.#gone(value)
        break
      }
    }
    this.#held.set(key, made)
    return made
  }
}
