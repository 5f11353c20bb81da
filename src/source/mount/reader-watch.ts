/**
 * Thread of a reader process: says every moment what its main thread is at, and ends the process when the parent is
 * gone. A thread, because the main thread may be inside a read that never returns. It imports little, to start fast.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { BEAT_BYTES, HEARTBEAT_FD, PROGRESS } from '../../process/channel.ts'

const BEAT_MS = 200

const { progress, parentPid } = workerData as { progress: Int32Array; parentPid: number }
const sleep = new Int32Array(new SharedArrayBuffer(4))
const beat = Buffer.alloc(BEAT_BYTES)
for (let last = 0; ; ) {
  Atomics.wait(sleep, 0, 0, BEAT_MS)
  if (process.ppid !== parentPid) end()
  const moved = Atomics.load(progress, PROGRESS.moved)
  if (moved === last) continue
  last = moved
  beat.writeInt32LE(Atomics.load(progress, PROGRESS.batch), 0)
  beat.writeInt32LE(Atomics.load(progress, PROGRESS.job), 4)
  beat.writeInt32LE(moved, 8)
  try {
    writeSync(HEARTBEAT_FD, beat)
  } catch {
    // Nobody listens: the parent is gone or has given this process up.
    end()
  }
}

function end(): void {
  process.kill(process.pid, 'SIGKILL')
}
