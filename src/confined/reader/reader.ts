/**
 * The loop of a reader process: it takes batches of jobs from its socket and answers with digests and media types, or
 * with contents.
 *
 * All reads are synchronous, because only the end of the process can cancel a read from a stuck FUSE mount. A watcher
 * thread reports progress from shared memory, and kills the process when its parent has ended.
 */

import { identifyContent } from '../../formats/signatures/index.ts'
import { type ExtraDigest, ed2kDigest } from '../../hash/digest.ts'
import { DigestGroup } from '../../hash/digest-group.ts'
import type { Identified } from '../../media-types/sample.ts'
import { receive, send } from '../../process/blocking-channel.ts'
import { endHanding, handPiece } from '../../process/handing.ts'
import { HANDED_FD, PROGRESS } from '../../process/heartbeat.ts'
import { watchParent } from '../../process/watch.ts'
import type { ContentSource } from '../../wire/content-source.ts'
import { NotRead } from '../../wire/not-read.ts'
import type { AnswerTuple, BatchAnswer, NotReadTuple, SentTuple } from '../../wire/reader.ts'
import {
  answerOf,
  type BatchRequest,
  FRAME,
  type JobTuple,
  type SetUp,
  SOURCE_LIMITS,
} from '../../wire/reader-protocol.ts'
import { Ends, Taking } from './taking.ts'

// Large enough that a system call's cost vanishes, small enough to stay in a core's cache with four hashes over it.
const BUFFER_BYTES = 1024 * 1024
// Groups of small files, and the largest file that is read into one.
const GROUP_BYTES = 32 * 1024 * 1024
const GROUPED_BYTES = 12 * 1024 * 1024
const BATCHES_A_TURN = 16
const MEBIBYTE = 1 << 20
const MOVES_A_LOOK = 16

/** @param open opens the source of contents from the first message */
export async function serveReader(open: (setUp: SetUp) => ContentSource): Promise<void> {
  const first = receive(SOURCE_LIMITS)
  if (first === null) return
  const setUp = first.header as SetUp
  const progress = new Int32Array(new SharedArrayBuffer(16))
  await watchParent(setUp.parentPid, progress, typeof setUp.becomeId === 'number')
  const reader = new Reader(setUp, open(setUp), progress)
  send({ type: FRAME.ready, job: 0 })
  let answered = 0
  for (let frame = receive(SOURCE_LIMITS); frame !== null; frame = receive(SOURCE_LIMITS)) {
    if (++answered % BATCHES_A_TURN === 0) await turnOfEventLoop()
    const { type, job } = frame
    const request = frame.header as BatchRequest
    if (type === FRAME.digest) send({ type: FRAME.digested, job }, await reader.digest(job, request))
    else if (type === FRAME.send) send({ type: FRAME.sent, job }, reader.sendContent(job, request))
    else send({ type: FRAME.handed, job }, reader.handContent(job, request))
  }
  // The watcher thread would keep the process.
  process.exit(0)
}

/** Lets the event loop free memory of native code. Without it, two kilobytes per file stay allocated. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

type PassedOn = BatchAnswer<SentTuple | NotReadTuple>

class Reader {
  readonly #source: ContentSource
  readonly #ed2k: boolean
  readonly #parentPid: number
  readonly #feedFd: number
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  readonly #ends = new Ends()
  readonly #group = new DigestGroup(GROUP_BYTES)
  readonly #progress: Int32Array

  constructor(setUp: SetUp, source: ContentSource, progress: Int32Array) {
    this.#progress = progress
    this.#ed2k = setUp.ed2k
    this.#parentPid = setUp.parentPid
    // The descriptor after the segments of an image.
    this.#feedFd = HANDED_FD + (setUp.segments?.length ?? 1)
    this.#source = source
  }

  async digest(batch: number, request: BatchRequest): Promise<BatchAnswer<AnswerTuple>> {
    const { jobs } = request
    const answers: AnswerTuple[] = new Array(jobs.length)
    const grouped: Grouped[] = []
    Atomics.store(this.#progress, PROGRESS.batch, batch)
    for (let index = 0; index < jobs.length; index++) {
      const job = jobs[index]!
      Atomics.store(this.#progress, PROGRESS.job, index)
      Atomics.store(this.#progress, PROGRESS.within, 0)
      this.#moved()
      const size = job[1]
      if (size > GROUPED_BYTES) {
        answers[index] = await this.#digestOne(job)
        continue
      }
      let place = this.#group.place(size)
      if (place === null) {
        this.#finishGroup(grouped, answers)
        place = this.#group.place(size)!
      }
      try {
        this.#source.readInto(job, place)
        const content = this.#group.add(size, this.#extra())
        grouped.push({ index, size, identified: await identifyContent(content) })
      } catch (error) {
        answers[index] = notRead(error)
      }
    }
    this.#finishGroup(grouped, answers)
    return { answers, atimeTouched: this.#source.atimeTouched }
  }

  #finishGroup(grouped: Grouped[], answers: AnswerTuple[]): void {
    const digests = this.#group.finish()
    for (let i = 0; i < grouped.length; i++) {
      const { index, size, identified } = grouped[i]!
      answers[index] = answerOf(digests[i]!, size, identified)
    }
    grouped.length = 0
  }

  sendContent(batch: number, request: BatchRequest): PassedOn {
    return this.#passOn(batch, request, (chunk) => send({ type: FRAME.chunk, job: batch }, undefined, chunk))
  }

  /** Sends the content over a direct pipe to a child. */
  handContent(batch: number, request: BatchRequest): PassedOn {
    const answer = this.#passOn(batch, request, (chunk) => handPiece(this.#feedFd, chunk))
    endHanding(this.#feedFd, answer.answers[0]![0] === 'sent')
    return answer
  }

  #passOn(batch: number, { jobs }: BatchRequest, take: (chunk: Buffer) => void): PassedOn {
    Atomics.store(this.#progress, PROGRESS.batch, batch)
    Atomics.store(this.#progress, PROGRESS.job, 0)
    Atomics.store(this.#progress, PROGRESS.within, 0)
    this.#moved()
    let answer: SentTuple | NotReadTuple
    try {
      const bytes = this.#source.readWhole(jobs[0]!, this.#buffer, (chunk, offset) => {
        take(chunk)
        Atomics.store(this.#progress, PROGRESS.within, Math.floor((offset + chunk.length) / MEBIBYTE))
        this.#moved()
      })
      answer = ['sent', bytes, null]
    } catch (error) {
      answer = notRead(error)
    }
    return { answers: [answer], atimeTouched: this.#source.atimeTouched }
  }

  async #digestOne(job: JobTuple): Promise<AnswerTuple> {
    const taking = new Taking(job[1], this.#ends, this.#extra())
    try {
      const size = this.#source.readWhole(job, this.#buffer, (chunk, offset) => {
        taking.take(chunk, offset)
        Atomics.store(this.#progress, PROGRESS.within, Math.floor((offset + chunk.length) / MEBIBYTE))
        this.#moved()
      })
      const digests = taking.digests()
      return answerOf(digests, size, await taking.identify())
    } catch (error) {
      return notRead(error)
    }
  }

  #extra(): ExtraDigest | undefined {
    return this.#ed2k ? ed2kDigest() : undefined
  }

  #moved(): void {
    const moves = Atomics.add(this.#progress, PROGRESS.moved, 1)
    // Checks whether the parent has ended. The watcher checks it too, but starts late on a busy machine. It is a system
    // call, so not for every small file.
    if (moves % MOVES_A_LOOK === 0 && process.ppid !== this.#parentPid) process.exit(1)
  }
}

/** A file in the group: the index of its answer, its size and its identified type. */
interface Grouped {
  readonly index: number
  readonly size: number
  readonly identified: Identified
}

function notRead(error: unknown): NotReadTuple {
  if (!(error instanceof NotRead)) throw error
  return [error.reason, error.bytesRead, error.detail]
}
