/** The child's end of its socket, wholly synchronous: a process that reads an exhibit waits for nothing else. */
import { readSync, writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { programFile } from '../base/program-file.ts'
import { CHANNEL_FD, HEADER_BYTES, MAX_FRAME_BYTES } from './channel.ts'

export interface Frame {
  readonly type: number
  readonly payload: Buffer
}

/** Blocks until a whole frame is there. @returns null when the parent has closed the socket */
export function nextFrame(): Frame | null {
  const header = receive(HEADER_BYTES)
  if (header === null) return null
  const length = header.readUInt32LE(1)
  if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`)
  const payload = receive(length)
  return payload === null ? null : { type: header[0]!, payload }
}

/** Blocks until the parent's socket has taken it. */
export function send(frame: Buffer): void {
  for (let sent = 0; sent < frame.length; ) sent += writeSync(CHANNEL_FD, frame, sent)
}

/** Starts the thread that says what this process is at and ends it when the parent is gone. @param progress see PROGRESS */
export function watch(progress: Int32Array, parentPid: number): void {
  new Worker(programFile('reader-watch'), { workerData: { progress, parentPid } }).unref()
}

function receive(bytes: number): Buffer | null {
  const into = Buffer.allocUnsafe(bytes)
  for (let got = 0; got < bytes; ) {
    const read = readSync(CHANNEL_FD, into, got, bytes - got, null)
    if (read === 0) return null
    got += read
  }
  return into
}
