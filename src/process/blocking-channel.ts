/** The socket as a child uses it, wholly synchronous: a process with one job at a time waits for nothing else. */
import { readSync, writeSync } from 'node:fs'
import {
  announced,
  BrokenFrame,
  CHANNEL_FD,
  type Frame,
  type FrameHead,
  type FrameLimits,
  frameParts,
  HEAD_BYTES,
  NOTHING,
  parsedHeader,
} from './frame.ts'

/** Blocks until a whole frame is there. @returns null when the main process has closed the socket @throws BrokenFrame */
export function receive(limits: FrameLimits): Frame | null {
  const head = read(HEAD_BYTES, true)
  if (head === null) return null
  const { type, job, headerBytes, payloadBytes } = announced(head, () => limits)
  const header = parsedHeader(read(headerBytes, false)!)
  const payload = read(payloadBytes, false)!
  return { type, job, header, payload, sizeBytes: HEAD_BYTES + headerBytes + payloadBytes }
}

/** Blocks until the socket has taken it. */
export function send(head: FrameHead, header?: unknown, payload: Buffer = NOTHING): void {
  for (const part of frameParts(head, header, payload))
    for (let at = 0; at < part.length; ) at += writeSync(CHANNEL_FD, part, at, part.length - at)
}

function read(length: number, mayEnd: boolean): Buffer | null {
  const into = Buffer.allocUnsafeSlow(length)
  for (let at = 0; at < length; ) {
    const got = readSync(CHANNEL_FD, into, at, length - at, null)
    if (got === 0 && at === 0 && mayEnd) return null
    if (got === 0) throw new BrokenFrame('the socket ended inside a frame')
    at += got
  }
  return into
}
