/**
 * Watcher thread: checks several times a second whether the main process still runs, ends its own process if not, and
 * reports the progress of the main thread. A thread, because the main thread may be inside a read or a decoder
 * that never returns. It imports little, to start fast.
 */
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { BEAT_BYTES, HEARTBEAT_FD, PROGRESS, type WatchData } from './heartbeat.ts'

const LOOK_MS = 200

const { parentPid, progress } = workerData as WatchData
// Its files are loaded: the creator of this thread may now give up the right to open files.
parentPort?.postMessage(null)
const sleep = new Int32Array(new SharedArrayBuffer(4))
const beat = Buffer.alloc(BEAT_BYTES)
for (let last = 0; ; ) {
  Atomics.wait(sleep, 0, 0, LOOK_MS)
  if (process.ppid !== parentPid) end()
  if (progress === null) continue
  const moved = Atomics.load(progress, PROGRESS.moved)
  if (moved === last) continue
  last = moved
  beat.writeInt32LE(Atomics.load(progress, PROGRESS.batch), 0)
  beat.writeInt32LE(Atomics.load(progress, PROGRESS.job), 4)
  beat.writeInt32LE(moved, 8)
  beat.writeInt32LE(Atomics.load(progress, PROGRESS.within), 12)
  try {
    writeSync(HEARTBEAT_FD, beat)
  } catch {
    // The socket has no reader: the parent is gone or has abandoned this process.
    end()
  }
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
