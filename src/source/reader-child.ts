/**
 * A reader process: takes batches of paths from its socket, answers with digests and media types, or with contents.
 *
 * It is wholly synchronous, because a read from a stuck FUSE mount cannot be cancelled by anything but the end of the
 * process. A watcher thread beside it reports progress from shared memory, and kills the process when its parent is gone.
 */
import { readSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker, workerData } from 'node:worker_threads'
import type { Digests } from '../contracts.ts'
import { type Digester, digestsOf, newDigester } from '../hash/digest.ts'
import { identify } from '../identify/index.ts'
import { Opener } from './open-below.ts'
import { NotRead, readWhole } from './read-file.ts'
import {
  type AnswerTuple,
  answerOf,
  type BatchAnswer,
  type BatchRequest,
  BEAT_BYTES,
  CHANNEL_FD,
  encodeFrame,
  FRAME,
  HEADER_BYTES,
  HEARTBEAT_FD,
  type JobTuple,
  jsonFrame,
  MAX_FRAME_BYTES,
  type SetUp,
} from './reader-protocol.ts'

// Large enough that a system call's cost vanishes, small enough to stay in a core's cache with four hashes over it.
const BUFFER_BYTES = 1024 * 1024
const HEAD_BYTES = 64 * 1024
const BEAT_MS = 200

/** Shared with the watcher: batch, job within it, and a count that moves with every chunk read. */
const BATCH = 0
const JOB = 1
const MOVED = 2

async function serve(): Promise<void> {
  const first = nextFrame()
  if (first === null) return
  const setUp = JSON.parse(first.payload.toString()) as SetUp
  const reader = new Reader(setUp)
  send(encodeFrame(FRAME.ready, Buffer.alloc(0)))
  for (let frame = nextFrame(); frame !== null; frame = nextFrame()) {
    const request = JSON.parse(frame.payload.toString()) as BatchRequest
    if (frame.type === FRAME.digest) send(jsonFrame(FRAME.digested, await reader.digest(request)))
    else send(jsonFrame(FRAME.sent, reader.sendContent(request)))
  }
  // The watcher thread would keep the process.
  process.exit(0)
}

class Reader {
  readonly #opener: Opener
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  readonly #head = Buffer.allocUnsafeSlow(HEAD_BYTES)
  readonly #progress = new Int32Array(new SharedArrayBuffer(16))

  constructor(setUp: SetUp) {
    this.#opener = new Opener(setUp.root)
    new Worker(fileURLToPath(import.meta.url), {
      workerData: { progress: this.#progress, parentPid: setUp.parentPid },
    }).unref()
  }

  async digest(request: BatchRequest): Promise<BatchAnswer> {
    const answers: AnswerTuple[] = []
    Atomics.store(this.#progress, BATCH, request.batch)
    for (const [index, job] of request.jobs.entries()) {
      Atomics.store(this.#progress, JOB, index)
      this.#moved()
      answers.push(await this.#digestOne(job))
    }
    return { answers, atimeTouched: this.#opener.atimeTouched }
  }

  sendContent(request: BatchRequest): BatchAnswer {
    Atomics.store(this.#progress, BATCH, request.batch)
    Atomics.store(this.#progress, JOB, 0)
    this.#moved()
    let answer: AnswerTuple
    try {
      const bytes = readWhole(this.#opener, request.jobs[0]!, this.#buffer, (chunk) => {
        send(encodeFrame(FRAME.chunk, chunk))
        this.#moved()
      })
      answer = ['sent', bytes, '']
    } catch (error) {
      answer = notRead(error)
    }
    return { answers: [answer], atimeTouched: this.#opener.atimeTouched }
  }

  async #digestOne(job: JobTuple): Promise<AnswerTuple> {
    const taking = new Taking(job[1], this.#head)
    try {
      const size = readWhole(this.#opener, job, this.#buffer, (chunk, offset) => {
        taking.take(chunk, offset)
        this.#moved()
      })
      const digests = taking.digests()
      const { mediaType } = await identify(taking.head(), size)
      return answerOf(digests, size, mediaType)
    } catch (error) {
      return notRead(error)
    }
  }

  #moved(): void {
    Atomics.add(this.#progress, MOVED, 1)
  }
}

/** What is kept of one file while it goes by: digests so far and its first bytes. */
class Taking {
  readonly #sizeBytes: number
  readonly #headBuffer: Buffer
  #whole: Buffer
  #digester: Digester | null = null
  #headBytes = 0

  constructor(sizeBytes: number, headBuffer: Buffer) {
    this.#sizeBytes = sizeBytes
    this.#headBuffer = headBuffer
    this.#whole = headBuffer.subarray(0, 0)
  }

  take(chunk: Buffer, offset: number): void {
    // All of it in one chunk: it stays in the read buffer until the next file, and takes the one-shot functions.
    if (chunk.length === this.#sizeBytes) {
      this.#whole = chunk
      return
    }
    if (offset < HEAD_BYTES) this.#headBytes = offset + chunk.copy(this.#headBuffer, offset)
    this.#digester ??= newDigester()
    this.#digester.update(chunk)
  }

  digests(): Digests {
    return this.#digester === null ? digestsOf(this.#whole) : this.#digester.finish()
  }

  head(): Buffer {
    return this.#digester === null
      ? this.#whole.subarray(0, HEAD_BYTES)
      : this.#headBuffer.subarray(0, this.#headBytes)
  }
}

function notRead(error: unknown): AnswerTuple {
  if (!(error instanceof NotRead)) throw error
  return [error.reason, error.bytesRead, error.message]
}

/** Blocks until a whole frame is there. @returns null when the parent has closed the socket */
function nextFrame(): { readonly type: number; readonly payload: Buffer } | null {
  const header = receive(HEADER_BYTES)
  if (header === null) return null
  const length = header.readUInt32LE(1)
  if (length > MAX_FRAME_BYTES) throw new RangeError(`a frame of ${length} bytes`)
  const payload = receive(length)
  return payload === null ? null : { type: header[0]!, payload }
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

function send(frame: Buffer): void {
  for (let sent = 0; sent < frame.length; ) sent += writeSync(CHANNEL_FD, frame, sent)
}

function watch({ progress, parentPid }: { progress: Int32Array; parentPid: number }): void {
  const sleep = new Int32Array(new SharedArrayBuffer(4))
  const beat = Buffer.alloc(BEAT_BYTES)
  let last = 0
  for (;;) {
    Atomics.wait(sleep, 0, 0, BEAT_MS)
    if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL')
    const moved = Atomics.load(progress, MOVED)
    if (moved === last) continue
    last = moved
    beat.writeInt32LE(Atomics.load(progress, BATCH), 0)
    beat.writeInt32LE(Atomics.load(progress, JOB), 4)
    beat.writeInt32LE(moved, 8)
    try {
      writeSync(HEARTBEAT_FD, beat)
    } catch {
      // Nobody listens: the parent is gone or has given this process up.
      process.kill(process.pid, 'SIGKILL')
    }
  }
}

// Last: classes are not hoisted.
if (isMainThread) await serve()
else watch(workerData as { progress: Int32Array; parentPid: number })
