/** Watches busy reader processes and reports those without progress for too long. */
import type { ReaderProcess } from './reader-process.ts'

export class StallWatch {
  readonly #processes: ReadonlySet<ReaderProcess>
  readonly #stallMs: number
  readonly #stalled: (process: ReaderProcess) => void
  #timer: NodeJS.Timeout | null = null
  #lastTickMs = 0

  constructor(
    processes: ReadonlySet<ReaderProcess>,
    stallMs: number,
    stalled: (process: ReaderProcess) => void,
  ) {
    this.#processes = processes
    this.#stallMs = stallMs
    this.#stalled = stalled
  }

  /** To be called whenever a process may have become busy or idle. */
  look(): void {
    const busy = [...this.#processes].some((process) => process.busy)
    if (busy && !this.#timer) {
      this.#lastTickMs = performance.now()
      this.#timer = setInterval(() => this.#tick(), Math.min(500, Math.max(20, this.#stallMs / 10)))
    } else if (!busy) this.stop()
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
  }

  #tick(): void {
    const now = performance.now()
    // When this process itself stood still, heartbeats wait unread: the time does not count against the readers.
    const lateMs = now - this.#lastTickMs - 1000
    this.#lastTickMs = now
    for (const process of [...this.#processes]) {
      if (lateMs > 0) process.forgive(lateMs)
      if (process.busy && process.stillMs(now) > this.#stallMs) this.#stalled(process)
    }
  }
}
