/** The watcher thread, which ends this process when the main process has ended, and reports its progress. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { programFile } from '../base/program-file.ts'
import { SMALL_CODE_RANGE } from './code-range.ts'
import type { WatchData } from './heartbeat.ts'

/**
 * @param waits whether it returns only when the thread runs: before this process gives up the right to read the
 * program's files
 *   (an installation that only root may read), and wherever it does not come to its event loop for long
 */
export async function watchParent(
  parentPid: number,
  progress: Int32Array | null = null,
  waits = progress === null,
): Promise<void> {
  const workerData: WatchData = { parentPid, progress }
  // Without the options of this process: a thread would wait for a debugger of its own.
  const options = { workerData, resourceLimits: SMALL_CODE_RANGE, execArgv: [] }
  const worker = new Worker(programFile('parent-watch'), options)
  if (waits) await once(worker, 'message')
  worker.unref()
}

/**
 * Starts the watcher thread of a process that the kernel ends with its parent, once that process has run for a while: the thread costs
 * 35 ms of CPU, as much as hashing a thousand small files. Until then no heartbeat leaves the process.
 */
export class LateWatch {
  readonly #parentPid: number
  readonly #progress: Int32Array
  #dueMs: number

  /** @param afterMs 0: at the next step, because the kernel does not end this process with its parent */
  constructor(parentPid: number, progress: Int32Array, afterMs: number) {
    // It may have ended before the kernel was told to end this process with it.
    if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
    this.#parentPid = parentPid
    this.#progress = progress
    this.#dueMs = performance.now() + afterMs
  }

  /** To be called at every step: a process inside a long read does not come to its event loop. */
  moved(): void {
    if (performance.now() < this.#dueMs) return
    this.#dueMs = Number.POSITIVE_INFINITY
    void watchParent(this.#parentPid, this.#progress)
  }
}
