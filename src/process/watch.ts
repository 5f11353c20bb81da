/** Starts the thread that ends this process when the main process is gone, and says what it is at meanwhile. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { programFile } from '../base/program-file.ts'
import { SMALL_CODE_RANGE } from './code-range.ts'
import type { WatchData } from './heartbeat.ts'

/** @returns when the thread runs */
export async function watchParent(parentPid: number, progress: Int32Array | null = null): Promise<void> {
  const workerData: WatchData = { parentPid, progress }
  const worker = new Worker(programFile('parent-watch'), { workerData, resourceLimits: SMALL_CODE_RANGE })
  if (progress === null) await once(worker, 'online')
  worker.unref()
}
