/** One call of ReaderPool.readAll. */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Batch, ReadItem } from './reader-batch.ts'

/** Results of one call that are still awaited, and those that have arrived. */
export class Call {
  #results: (readonly ReadItem[])[] = []
  #waiting: (() => void) | null = null
  #progress: (() => void) | null = null
  #jobsOut = 0
  #allFed = false
  #error: Error | null = null
  cancelled = false

  get unread(): number {
    return this.#results.length
  }

  batch(jobs: readonly PendingRead[], large: boolean): Batch {
    this.#jobsOut += jobs.length
    const done: Batch['done'] = (items) => {
      this.#jobsOut -= items.length
      this.#results.push(items)
      this.#wake()
    }
    return { jobs, kind: 'digest', large, crashes: 0, done, cancelled: () => this.cancelled }
  }

  /** All that has come since, as one array; null after the last. */
  async next(): Promise<readonly ReadItem[] | null> {
    for (;;) {
      if (this.#error) throw this.#error
      if (this.#results.length > 0) {
        const items = this.#results.length === 1 ? this.#results[0]! : this.#results.flat()
        this.#results = []
        this.#wake()
        return items
      }
      if (this.#allFed && this.#jobsOut === 0) return null
      await new Promise<void>((resolve) => {
        this.#waiting = resolve
      })
    }
  }

  progress(): Promise<void> {
    return new Promise((resolve) => {
      this.#progress = resolve
    })
  }

  fedAll(): void {
    this.#allFed = true
    this.#wake()
  }

  fail(error: Error): void {
    this.#error ??= error
    this.cancel()
  }

  cancel(): void {
    this.cancelled = true
    this.#wake()
  }

  #wake(): void {
    this.#waiting?.()
    this.#progress?.()
    this.#waiting = this.#progress = null
  }
}
