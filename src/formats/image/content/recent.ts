/** The last few things that were asked for, by key: what a container decodes is kept as long as it is near. */
export class Recent<K, V> {
  readonly #held = new Map<K, V>()
  readonly #limit: number
  readonly #gone: (value: V) => void

  /** @param limit values kept, at least 1 @param gone is given what is no longer kept: nobody has it any more */
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
