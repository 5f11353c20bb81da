/** Queues of batches that wait for a process. Small ones go in order; large ones never occupy all processes. */
import type { Batch } from './reader-batch.ts'
import type { ReaderProcess } from './reader-process.ts'

/** Batches of small files that a process has: one in work, the others to continue with while the ledger commits. */
export const DEPTH = 4
// Waiting records are small objects. Beyond this number, small files wait behind large ones.
const MAX_LARGE_WAITING = 4096

export class BatchQueues {
  readonly #small: Batch[] = []
  readonly #large: Batch[] = []

  add(batch: Batch): void {
    ;(batch.large ? this.#large : this.#small).push(batch)
  }

  /** To the front of their queues, in their order. */
  again(batches: readonly Batch[]): void {
    this.#small.unshift(...batches.filter((batch) => !batch.large))
    this.#large.unshift(...batches.filter((batch) => batch.large))
  }

  /** @param smallBatches as many of small files as are enough */
  isFull(smallBatches: number): boolean {
    return this.#small.length >= smallBatches || this.#large.length >= MAX_LARGE_WAITING
  }

  dropCancelled(): void {
    for (const queue of [this.#small, this.#large])
      for (let i = queue.length - 1; i >= 0; i--) if (queue[i]!.cancelled()) queue.splice(i, 1)
  }

  /**
   * Takes the next batch that may start.
   * @returns null when no rule allows any; `to` null: an idle process or a new one gets it
   */
  next(
    processes: Iterable<ReaderProcess>,
    workers: number,
  ): { readonly batch: Batch; readonly to: ReaderProcess | null } | null {
    const busy = [...processes].filter((process) => process.busy)
    const busyLarge = busy.filter((process) => process.holdsLarge).length
    const mayStart = busy.length < workers
    // All busy with large files: small ones get a process more.
    const maySqueeze = busy.length === workers && busyLarge === busy.length
    if (this.#large.length > 0 && mayStart && (busyLarge === 0 || this.#small.length === 0))
      return { batch: this.#large.shift()!, to: null }
    if (this.#small.length === 0) return null
    if (mayStart || maySqueeze) return { batch: this.#small.shift()!, to: null }
    const room = busy.find((process) => !process.holdsLarge && process.held < DEPTH)
    return room ? { batch: this.#small.shift()!, to: room } : null
  }
}
