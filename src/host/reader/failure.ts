/** The reason why reading stopped for good. The first reason counts, and every waiting caller gets it. */
export class Failure {
  readonly #listeners: ((error: Error) => void)[] = []
  #error: Error | null = null

  get error(): Error | null {
    return this.#error
  }

  /** @returns takes the listener away */
  on(listener: (error: Error) => void): () => void {
    this.#listeners.push(listener)
    return () => {
      this.#listeners.splice(this.#listeners.indexOf(listener), 1)
    }
  }

  set(error: Error): void {
    this.#error ??= error
    for (const listener of [...this.#listeners]) listener(error)
  }
}
