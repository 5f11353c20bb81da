/**
 * The loop of a reader process: it takes batches of jobs from its socket and answers with digests and media types, or
 * with contents.
 *
 * All reads are synchronous, because only the end of the process can cancel a read from a stuck FUSE mount. A watcher
 * thread reports progress from shared memory, and kills the process when its parent has ended.
 */

import { receive, send } from '../../process/blocking-channel.ts'
import { endHanding, handPiece } from '../../process/handing.ts'
import { HANDED_FD } from '../../process/heartbeat.ts'
import { watchParent } from '../../process/watch.ts'
import type { ContentSource } from '../../wire/content-source.ts'
import type { BatchAnswer, NotReadTuple, SentTuple } from '../../wire/reader.ts'
import { type BatchRequest, FRAME, type SetUp, SOURCE_LIMITS } from '../../wire/reader-protocol.ts'
import { notRead } from './not-read-tuple.ts'
import { ReadProgress } from './read-progress.ts'

// Large enough that a system call's cost vanishes, small enough to stay in a core's cache with four hashes over it.
const BUFFER_BYTES = 1024 * 1024
const BATCHES_A_TURN = 16

/** @param open opens the source of contents from the first message */
export async function serveReader(open: (setUp: SetUp) => ContentSource): Promise<void> {
  const first = receive(SOURCE_LIMITS)
  if (first === null) return
  const setUp = first.header as SetUp
  const progress = new ReadProgress(setUp.parentPid, setUp.quietMs)
  const dropsRoot = typeof setUp.becomeId === 'number'
  const watched = setUp.quietMs > 0 ? null : watchParent(setUp.parentPid, progress.shared, dropsRoot)
  const digesting = setUp.passesOn ? null : await import('./digesting.ts')
  await digesting?.prepareDigesting(dropsRoot)
  await watched
  const source = open(setUp)
  const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  const passing = new Passing(setUp, source, buffer, progress)
  const digester = digesting && new digesting.Digesting({ source, ed2k: setUp.ed2k, buffer, progress })
  send({ type: FRAME.ready, job: 0 })
  let answered = 0
  for (let frame = receive(SOURCE_LIMITS); frame !== null; frame = receive(SOURCE_LIMITS)) {
    if (++answered % BATCHES_A_TURN === 0) await turnOfEventLoop()
    const { type, job } = frame
    const request = frame.header as BatchRequest
    if (type === FRAME.send) send({ type: FRAME.sent, job }, passing.send(job, request))
    else if (type === FRAME.hand) send({ type: FRAME.handed, job }, passing.hand(job, request))
    else if (digester) send({ type: FRAME.digested, job }, await digester.digest(job, request))
    else throw new Error('this reader passes contents on and makes no digests')
  }
  // The watcher thread would keep the process.
  process.exit(0)
}

/** Lets the event loop free memory of native code. Without it, two kilobytes per file stay allocated. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

type PassedOn = BatchAnswer<SentTuple | NotReadTuple>

/** Passes contents on as they are. */
class Passing {
  readonly #source: ContentSource
  readonly #feedFd: number
  readonly #buffer: Buffer
  readonly #progress: ReadProgress

  constructor({ segments }: SetUp, source: ContentSource, buffer: Buffer, progress: ReadProgress) {
    this.#progress = progress
    // The descriptor after the segments of an image.
    this.#feedFd = HANDED_FD + (segments?.length ?? 1)
    this.#source = source
    this.#buffer = buffer
  }

  send(batch: number, request: BatchRequest): PassedOn {
    return this.#passOn(batch, request, (chunk) => send({ type: FRAME.chunk, job: batch }, undefined, chunk))
  }

  /** Sends the content over a direct pipe to a child. */
  hand(batch: number, request: BatchRequest): PassedOn {
    const answer = this.#passOn(batch, request, (chunk) => handPiece(this.#feedFd, chunk))
    endHanding(this.#feedFd, answer.answers[0]![0] === 'sent')
    return answer
  }

  #passOn(batch: number, { jobs }: BatchRequest, take: (chunk: Buffer) => void): PassedOn {
    this.#progress.begin(batch)
    this.#progress.beginJob(0)
    let answer: SentTuple | NotReadTuple
    try {
      const bytes = this.#source.readWhole(jobs[0]!, this.#buffer, (chunk, offset) => {
        take(chunk)
        this.#progress.read(offset + chunk.length)
      })
      answer = ['sent', bytes, null]
    } catch (error) {
      answer = notRead(error)
    }
    return { answers: [answer], atimeTouched: this.#source.atimeTouched }
  }
}
