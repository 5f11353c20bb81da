/** Starts the watcher thread, which ends this process when the main process has ended, and reports its progress. */
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
