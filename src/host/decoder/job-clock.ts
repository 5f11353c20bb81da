/** Measures time and memory of one job in one child, from outside, several times a second. */
import type { Detail } from '../../contracts/detail.ts'
import { cpuMsOf, dataBytesOf } from '../../process/proc.ts'

export const LOOK_MS = 100

export class JobClock {
  readonly #pid: number | undefined
  readonly #cpuMs: number
  readonly #wallMs: number
  readonly #cpuAtStart: number | null
  #wallLeftMs: number
  peakDataBytes = 0

  /** @param cpuMs allowed CPU time; the wall clock never ends a job before that */
  constructor(pid: number | undefined, cpuMs: number, wallMs: number) {
    this.#pid = pid
    this.#cpuMs = cpuMs
    this.#wallMs = Math.max(wallMs, cpuMs)
    this.#wallLeftMs = this.#wallMs
    this.#cpuAtStart = cpuMsOf(pid)
  }

  /** @param waiting true while the main process keeps the job waiting: the wall clock then stops */
  over(waiting: boolean): Detail | null {
    this.peakDataBytes = Math.max(this.peakDataBytes, dataBytesOf(this.#pid) ?? 0)
    const now = cpuMsOf(this.#pid)
    if (!waiting) this.#wallLeftMs -= LOOK_MS
    if (now !== null && this.#cpuAtStart !== null && now - this.#cpuAtStart > this.#cpuMs)
      return { code: 'over-cpu-time', params: { ms: this.#cpuMs } }
    return this.#wallLeftMs <= 0 ? { code: 'no-answer-in', params: { ms: this.#wallMs } } : null
  }
}
