/** One reader process, seen from the pool: its batches, its last progress, and how it ended. */

import type { ByteString } from '../../base/byte-string.ts'
import { printPath } from '../../base/evidence-path.ts'
import type { Reading } from '../../contracts/progress.ts'
import { Beats, Furthest, type InWork, NO_BEAT } from '../../process/beats.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import { BrokenFrame, type Frame, type FrameHead, type FrameLimits, frameParts } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { FRAME, jobTuple, type SetUp } from '../../wire/reader-protocol.ts'
import { type SourceChild, spawnImageChild, spawnMountChild } from '../confine/spawn-child.ts'
import type { HeldImage } from '../held/held-image.ts'
import { openedVolumes } from '../held/opened-volumes.ts'
import { checkedAnswer } from './checked-answer.ts'
import type { Batch, ReadItem, Received } from './reader-batch.ts'
import { ReceivedContent } from './received-content.ts'

export interface Reads {
  readonly root: ByteString
  readonly image: HeldImage | null
  readonly ed2k: boolean
  /** Milliseconds that a read may take. */
  readonly stallMs: number
  /** The process passes contents on, and no batch asks it for digests. */
  readonly passesOn?: boolean
  /** Descriptor of a pipe to the child that gets contents from this process; null: no child. */
  readonly feedFd?: number | null
}

export interface ReaderEvents {
  answered(batch: Batch, items: readonly ReadItem[], content: Buffer | null, atimeTouched: boolean): void
  /** The process ended by itself. @param held its unanswered batches, the one in work first */
  ended(held: readonly Batch[], how: string): void
}

/** Frame type that answers each kind of batch. */
const ANSWERS = { digest: FRAME.digested, send: FRAME.sent, hand: FRAME.handed } as const
/** Bytes of an answer for one content: digests take 300, a detail with its text some thousand. */
const ANSWER_BYTES = 16 * 1024
const CHUNK_BYTES = 1 << 20
const NOTHING_MORE: FrameLimits = { headerBytes: 0, payloadBytes: 0 }
let processes = 0

const ERROR_OUTPUT_BYTES = 2000
const END_MS = 800

export class ReaderProcess {
  readonly #child: SourceChild
  readonly #events: ReaderEvents
  readonly #held: Batch[] = []
  readonly #numbers = new WeakMap<Batch, number>()
  /** Of all that this program started. */
  readonly number = ++processes
  #lastNumber = 0
  #movedMs = performance.now()
  readonly #beats = new Beats()
  readonly #furthest = new Furthest()
  readonly #ed2k: boolean
  readonly #quietMs: number
  #beat = NO_BEAT
  #content: Received | null = null
  #errorOutput = Buffer.alloc(0)
  #left = false
  started = false

  constructor({ root, image, ed2k, stallMs, passesOn = false, feedFd = null }: Reads, events: ReaderEvents) {
    this.#events = events
    this.#ed2k = ed2k
    const feed = feedFd === null ? [] : [feedFd]
    this.#child = image
      ? spawnImageChild('image-reader', [...image.descriptors, ...feed])
      : spawnMountChild('reader-child', root, feed)
    const frames = new FrameDecoder({
      limitsOf: (head) => this.#limitsOf(head),
      onFrame: (frame) => this.#onFrame(frame),
      pieces: { type: FRAME.chunk, onPiece: (_head, piece) => this.#onPiece(piece) },
    })
    this.#child.channel.on('data', (chunk) => this.#receive(frames, chunk))
    this.#child.heartbeats.on('data', (beats: Buffer) => this.#onBeats(beats))
    this.#child.stderr.on('data', (text: Buffer) => {
      this.#errorOutput = Buffer.concat([this.#errorOutput, text]).subarray(0, ERROR_OUTPUT_BYTES)
    })
    this.#child.process.on('error', (error) => this.#onEnd(error.message))
    this.#child.process.on('close', (code, signal) => this.#onEnd(signal ?? `exit code ${code}`))
    const ofImage = image
      ? { segments: image.segments, unlocked: openedVolumes(image), becomeId: whoToBecome() }
      : {}
    this.#quietMs = this.#child.quietMs(stallMs)
    const setUp: SetUp = { root, ed2k, passesOn, ...ofImage, parentPid: process.pid, quietMs: this.#quietMs }
    this.#write(FRAME.setUp, 0, setUp)
  }

  get pid(): number | undefined {
    return this.#child.process.pid
  }

  get busy(): boolean {
    return this.#held.length > 0
  }

  get held(): number {
    return this.#held.length
  }

  get holdsLarge(): boolean {
    return this.#held.some((batch) => batch.large)
  }

  /** The large content being digested, and its progress; null: none. */
  get reading(): Reading | null {
    const batch = this.#held[0]
    if (!batch?.large || batch.kind !== 'digest') return null
    const { path, sizeBytes } = batch.jobs[0]!
    const done = this.#numbers.get(batch) === this.#beat.batch ? BigInt(this.#beat.within) << 20n : 0n
    return { path: printPath(path), bytesDone: done < sizeBytes ? done : sizeBytes, bytesTotal: sizeBytes }
  }

  /** As it came: not to be shown. */
  get errorOutput(): string {
    return this.#errorOutput.toString()
  }

  give(batch: Batch): void {
    if (this.#held.length === 0) this.#movedMs = performance.now()
    this.#held.push(batch)
    this.#numbers.set(batch, ++this.#lastNumber)
    this.#write(FRAME[batch.kind], this.#lastNumber, { jobs: batch.jobs.map(jobTuple) })
  }

  /** Milliseconds since anything was seen to move. */
  stillMs(nowMs: number): number {
    if (this.#child.inspected) return 0
    return nowMs - this.#movedMs - (this.#beat === NO_BEAT ? this.#quietMs : 0)
  }

  forgive(ms: number): void {
    this.#movedMs += ms
  }

  /** Index of the job that the last heartbeat named, if it is one of this batch. */
  jobInWork(batch: Batch): number | null {
    const { batch: number, job } = this.#beat
    return this.#numbers.get(batch) === number && job < batch.jobs.length ? job : null
  }

  /** Kills without waiting: a process inside a read that never returns cannot even die. @returns its batches */
  giveUp(): readonly Batch[] {
    this.#leave()
    return this.#held.splice(0)
  }

  async end(): Promise<void> {
    if (this.#left) return
    const gone = new Promise<void>((resolve) => this.#child.process.once('exit', () => resolve()))
    this.#leave()
    let timer: NodeJS.Timeout | undefined
    await Promise.race([
      gone,
      new Promise<void>((resolve) => {
        timer = setTimeout(resolve, END_MS)
      }),
    ])
    clearTimeout(timer)
  }

  #leave(): void {
    this.#left = true
    this.#child.leave()
  }

  #write(type: number, job: number, header: unknown): void {
    for (const part of frameParts({ type, job }, header)) this.#child.channel.write(part)
  }

  #receive(frames: FrameDecoder, chunk: Buffer): void {
    if (this.#left) return
    try {
      frames.push(chunk)
    } catch (error) {
      if (!(error instanceof BrokenFrame || error instanceof ImplausibleReply)) throw error
      this.#onEnd(error.message)
    } finally {
      // Every piece was copied. Freed memory must keep no contents.
      chunk.fill(0)
    }
  }

  /** Accepts only frames for which the batch in work waits, up to their possible size. @throws BrokenFrame */
  #limitsOf({ type, job }: FrameHead): FrameLimits {
    if (type === FRAME.ready && !this.started && job === 0) return NOTHING_MORE
    const batch = this.#held[0]
    if (!batch || this.#numbers.get(batch) !== job) throw new BrokenFrame('an answer out of turn')
    if (type === FRAME.chunk && batch.kind === 'send')
      return { headerBytes: 0, payloadBytes: Math.min(CHUNK_BYTES, this.#contentOf(batch).leftBytes) }
    if (type !== ANSWERS[batch.kind]) throw new BrokenFrame('an answer to another question')
    return { headerBytes: ANSWER_BYTES * batch.jobs.length, payloadBytes: 0 }
  }

  #onFrame({ type, header }: Frame): void {
    this.#movedMs = performance.now()
    if (type === FRAME.ready) {
      this.started = true
      return
    }
    const batch = this.#held[0]!
    const { items, content, atimeTouched } = checkedAnswer(batch, header, this.#ed2k, this.#content)
    this.#held.shift()
    this.#content = null
    this.#events.answered(batch, items, content, atimeTouched)
  }

  #contentOf({ jobs: [job], received }: Batch): Received {
    this.#content ??= received ?? new ReceivedContent(Number(job!.sizeBytes))
    return this.#content
  }

  #onPiece(piece: Buffer): void {
    this.#movedMs = performance.now()
    this.#content!.take(piece)
  }

  #onBeats(chunk: Buffer): void {
    const beat = this.#beats.take(chunk)
    if (beat === null) return
    this.#beat = beat
    const batch = this.#held[0]
    if (batch && this.#furthest.reached(beat, inWork(this.#numbers.get(batch)!, batch)))
      this.#movedMs = performance.now()
  }

  #onEnd(how: string): void {
    if (this.#left) return
    this.#left = true
    this.#child.kill()
    this.#events.ended(this.#held.splice(0), how)
  }
}

function inWork(number: number, { jobs }: Batch): InWork {
  const mebibytesOf = (job: number) => Number(jobs[job]!.sizeBytes >> 20n) + 1
  return { batch: number, jobs: jobs.length, mebibytesOf }
}

export function largestReading(processes: Iterable<ReaderProcess>): Reading | null {
  const all = [...processes].flatMap(({ reading }) => reading ?? [])
  return all.sort((a, b) => (a.bytesTotal < b.bytesTotal ? 1 : -1))[0] ?? null
}
