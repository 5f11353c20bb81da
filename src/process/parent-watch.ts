/**
 * Thread of a child that ends the process when the main process is gone. A thread, because the main thread of a child
 * may be inside a decoder that never returns.
 */
import { workerData } from 'node:worker_threads'

const INTERVAL_MS = 250
const expected = (workerData as { parentPid: number }).parentPid

setInterval(() => {
  if (process.ppid !== expected) process.kill(process.pid, 'SIGKILL')
}, INTERVAL_MS)
