/** One reader process as the pool sees it: what it holds, when it last moved, and how it ended. */

import type { ByteString } from '../../base/byte-string.ts'
import { printPath } from '../../base/evidence-path.ts'
import type { Reading } from '../../contracts/progress.ts'
import { whoToBecome } from '../../process/drop-root.ts'
import { BrokenFrame, type Frame, frameParts } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { BEAT_BYTES } from '../../process/heartbeat.ts'
import {
  type BatchAnswer,
  FRAME,
  jobTuple,
  type NotReadTuple,
  outcomeOf,
  type SetUp,
  SOURCE_LIMITS,
} from '../../wire/reader-protocol.ts'
import { type SourceChild, spawnChild, spawnImageChild } from '../confine/spawn-child.ts'
import type { HeldImage } from '../held/held-image.ts'
import type { Batch, ReadItem } from './reader-batch.ts'

export interface Reads {
  readonly root: ByteString
  readonly image: HeldImage | null
  readonly ed2k: boolean
  /** Of ours: a pipe to a child that it hands contents to; null: to none. */
  readonly feedFd?: number | null
}

export interface ReaderEvents {
  answered(batch: Batch, items: readonly ReadItem[], content: Buffer | null, atimeTouched: boolean): void
  /** It ended without being told to. @param held the batches that it had not answered, the one in work first */
  ended(held: readonly Batch[], how: string): void
}

const ERROR_OUTPUT_BYTES = 2000
const END_MS = 800

export class ReaderProcess {
  readonly #child: SourceChild
  readonly #events: ReaderEvents
  readonly #held: Batch[] = []
  readonly #numbers = new WeakMap<Batch, number>()
  #lastNumber = 0
  #movedMs = performance.now()
  #beat = { batch: 0, job: 0, moved: 0, mebibytes: 0 }
  #content: Buffer | null = null
  #contentBytes = 0
  #errorOutput = Buffer.alloc(0)
  #left = false
  started = false

  constructor({ root, image, ed2k, feedFd = null }: Reads, events: ReaderEvents) {
    this.#events = events
    const feed = feedFd === null ? [] : [feedFd]
    this.#child = image
      ? spawnImageChild('image-reader', [...image.descriptors, ...feed])
      : spawnChild('reader-child', feed)
    const frames = new FrameDecoder({
      limitsOf: () => SOURCE_LIMITS,
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
    const told: SetUp = {
      root,
      ed2k,
      ...(image ? { segments: image.segments, becomeId: whoToBecome() } : {}),
      parentPid: process.pid,
    }
    this.#write(FRAME.setUp, 0, told)
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

  /** The large content that it digests, and how far it is; null: it is at none. */
  get reading(): Reading | null {
    const batch = this.#held[0]
    if (!batch?.large || batch.kind !== 'digest') return null
    const { path, sizeBytes } = batch.jobs[0]!
    const done = this.#numbers.get(batch) === this.#beat.batch ? BigInt(this.#beat.mebibytes) << 20n : 0n
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
    return nowMs - this.#movedMs
  }

  forgive(ms: number): void {
    this.#movedMs += ms
  }

  /** Index of the job that the last heartbeat named, if it was one of this batch. */
  jobInWork(batch: Batch): number | null {
    return this.#numbers.get(batch) === this.#beat.batch ? this.#beat.job : null
  }

  /** Kills without waiting: a process inside a read that never returns may not even die. @returns what it held */
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
      if (!(error instanceof BrokenFrame)) throw error
      this.#onEnd(error.message)
    } finally {
      // Every piece was copied: of contents nothing is to stay behind in memory that is given back.
      chunk.fill(0)
    }
  }

  #onFrame({ type, job, header }: Frame): void {
    this.#movedMs = performance.now()
    if (type === FRAME.ready) {
      this.started = true
      return
    }
    const batch = this.#held[0]
    if (!batch || this.#numbers.get(batch) !== job) throw new BrokenFrame('an answer out of turn')
    this.#held.shift()
    const { answers, atimeTouched } = header as BatchAnswer
    if (type === FRAME.digested) {
      const items = batch.jobs.map((job, i) => ({ job, outcome: outcomeOf(answers[i]!) }))
      this.#events.answered(batch, items, null, atimeTouched)
      return
    }
    const [reason, bytes, detail] = answers[0]! as NotReadTuple
    const content = this.#content ?? Buffer.alloc(0)
    this.#content = null
    if (type === FRAME.handed && reason === 'sent') this.#events.answered(batch, [], null, atimeTouched)
    else if (reason === 'sent' && bytes === content.length)
      this.#events.answered(batch, [], content, atimeTouched)
    else {
      const item = { job: batch.jobs[0]!, outcome: outcomeOf([reason, bytes, detail]) }
      this.#events.answered(batch, [item], null, atimeTouched)
    }
  }

  #onPiece(piece: Buffer): void {
    this.#movedMs = performance.now()
    const size = Number(this.#held[0]!.jobs[0]!.sizeBytes)
    if (this.#content === null) {
      this.#content = Buffer.allocUnsafeSlow(size)
      this.#contentBytes = 0
    }
    this.#contentBytes += piece.copy(this.#content, this.#contentBytes)
  }

  #onBeats(beats: Buffer): void {
    // Sockets are read in multiples of a beat's size: chunks hold whole ones, and the last one counts.
    const at = beats.length - BEAT_BYTES
    const beat = {
      batch: beats.readInt32LE(at),
      job: beats.readInt32LE(at + 4),
      moved: beats.readInt32LE(at + 8),
      mebibytes: beats.readInt32LE(at + 12),
    }
    if (beat.moved !== this.#beat.moved) this.#movedMs = performance.now()
    this.#beat = beat
  }

  #onEnd(how: string): void {
    if (this.#left) return
    this.#left = true
    this.#child.kill()
    this.#events.ended(this.#held.splice(0), how)
  }
}

export function largestReading(processes: Iterable<ReaderProcess>): Reading | null {
  const all = [...processes].flatMap(({ reading }) => reading ?? [])
  return all.sort((a, b) => (a.bytesTotal < b.bytesTotal ? 1 : -1))[0] ?? null
}
