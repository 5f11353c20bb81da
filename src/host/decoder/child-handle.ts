/** The main process's side of one child: its socket, its deadline, its printed output and the meaning of its end. */
import { printable } from '../../base/printable.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { BrokenFrame, type Frame, type FrameHead, type FrameLimits } from '../../process/frame.ts'
import { FrameDecoder } from '../../process/frame-decoder.ts'
import { dataBytesOf } from '../../process/proc.ts'
import type { Spawned } from '../../process/spawn.ts'
import { writeFrame } from '../../process/write-frame.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { type JobHeader, SESSION } from '../../wire/session.ts'
import { failedReply, type Ready, readyReply } from '../../wire/session-reply.ts'
import { startConfined } from '../confine/start.ts'
import {
  type ChildAnswer,
  type ChildEnd,
  type Failure,
  meaningOf,
  NOT_HANDED,
  oddityOf,
  STOPPED,
} from './child-answer.ts'
import { endOf, type ProcessEnd } from './child-end.ts'
import type { ChildSetup } from './child-setup.ts'
import type { Job } from './job.ts'
import { JobClock, LOOK_MS } from './job-clock.ts'
import { Printed } from './printed.ts'

interface Current {
  readonly job: Job
  readonly number: number
  readonly attempt: number
  readonly clock: JobClock
  /** Bytes that its answer may still have. */
  leftBytes: number
  /** A content is on its way to the child. */
  isHanding: boolean
  readonly settle: (answer: ChildAnswer) => void
}

const READY_MS = 120_000
/** Limits of frames that are neither a piece nor an answer: failures, the greeting. */
const SHORT: FrameLimits = { headerBytes: 16_384, payloadBytes: 0 }
/** A child whose memory exceeds this share of the cap is replaced between jobs. */
const BLOATED_SHARE = 0.6

export class Child {
  readonly ready: Promise<{ ok: true; ready: Ready } | { ok: false; end: ChildEnd }>
  readonly ended: Promise<ChildEnd>
  jobsDone = 0

  readonly #setup: ChildSetup
  readonly #spawned: Spawned
  readonly #frames: FrameDecoder
  readonly #timer: NodeJS.Timeout
  readonly #printed: Printed
  #current: Current | null = null
  #end: ChildEnd | null = null
  /** Why we killed it, when we did. */
  #verdict: Failure | null = null
  #parts: Promise<void> = Promise.resolve()
  #partsThrew: { readonly error: unknown } | null = null
  #onReady: ((ready: Ready) => void) | null = null

  constructor(setup: ChildSetup) {
    this.#setup = setup
    this.#spawned = startConfined(setup)
    const { process: child, channel, stderr } = this.#spawned
    this.#frames = new FrameDecoder({
      limitsOf: (head) => this.#limitsOf(head),
      onFrame: (frame) => this.#accept(frame),
    })
    channel.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#printed = new Printed([child.stdout, stderr])
    this.ended = endOf(this.#spawned).then((end) => this.#finish(end))
    const startTimer = setTimeout(() => this.#spawned.inspected || this.#spawned.kill(), READY_MS)
    const answered = new Promise<{ ok: true; ready: Ready }>((resolve) => {
      this.#onReady = (ready) => resolve({ ok: true, ready })
    })
    this.ready = Promise.race([answered, this.ended.then((end) => ({ ok: false as const, end }))]).finally(
      () => clearTimeout(startTimer),
    )
    this.#timer = setInterval(() => this.#checkClock(), LOOK_MS)
    this.#write({ type: SESSION.hello, job: 0 }, setup.hello)
  }

  get pid(): number | undefined {
    return this.#spawned.process.pid
  }

  get usable(): boolean {
    return this.#end === null && this.#verdict === null && this.#current === null
  }

  get isFed(): boolean {
    return this.#setup.feeder !== null
  }

  isBloated(): boolean {
    return (dataBytesOf(this.pid) ?? 0) > this.#setup.dataBytes * BLOATED_SHARE
  }

  run(job: Job, cpuMs: number, attempt: number): Promise<ChildAnswer> {
    const number = ++this.jobsDone
    return new Promise((settle) => {
      const clock = new JobClock(this.pid, cpuMs, this.#setup.wallMs)
      const { op, header, sha256, handed, reply } = job
      const state = { leftBytes: reply.totalBytes, isHanding: handed !== undefined }
      this.#current = { job, number, attempt, clock, ...state, settle }
      this.#printed.clear()
      if (this.#end !== null) return this.#settleByEnd(this.#current, this.#end)
      const handedBytes = handed ? Number(handed.job.sizeBytes) : null
      const jobHeader: JobHeader = { op, header, sha256, lent: job.lent?.content ?? null, handedBytes }
      this.#write({ type: SESSION.job, job: number }, jobHeader, job.bytes)
      if (handed) void this.#hand(this.#current, handed.job)
    })
  }

  /** Ends the child where the content does not arrive, because it would wait for ever. */
  async #hand(current: Current, content: PendingRead): Promise<void> {
    const how = await this.#setup.feeder!.hand(content)
    current.isHanding = false
    if (how === 'lost' && this.#current === current) this.#condemn(NOT_HANDED)
  }

  async kill(): Promise<void> {
    this.#condemn(STOPPED)
    await this.ended
  }

  #write(head: FrameHead, header: unknown, payload?: Buffer): void {
    writeFrame(this.#spawned.channel, head, header, payload)
  }

  #receive(chunk: Buffer): void {
    if (this.#verdict !== null) return
    try {
      this.#frames.push(chunk)
    } catch (error) {
      this.#condemn(oddityOf(error))
    } finally {
      // The frame decoder copied these bytes. Freed memory must keep no pixels and no contents.
      chunk.fill(0)
    }
  }

  #limitsOf({ type, job }: FrameHead): FrameLimits {
    if (type === SESSION.ready && job === 0 && this.#onReady !== null) return SHORT
    const current = this.#current
    if (current === null) throw new BrokenFrame('a frame out of turn')
    if (job !== current.number) throw new BrokenFrame('a frame of another job')
    if (type === SESSION.failed) return SHORT
    if (type !== SESSION.done && !(type === SESSION.part && current.job.onPart))
      throw new BrokenFrame('a frame of an unknown kind')
    const { headerBytes, payloadBytes } = current.job.reply
    const left = current.leftBytes
    return { headerBytes: Math.min(headerBytes, left), payloadBytes: Math.min(payloadBytes, left) }
  }

  /** Of the job in work, because of its limits. */
  #accept({ type, header, payload, sizeBytes }: Frame): void {
    if (this.#verdict !== null) return
    if (type === SESSION.ready) {
      this.#onReady?.(readyReply(header))
      this.#onReady = null
      return
    }
    const current = this.#current!
    current.leftBytes -= sizeBytes
    if (current.leftBytes < 0)
      throw new BrokenFrame(`an answer of more than ${current.job.reply.totalBytes} bytes`)
    if (type === SESSION.part) this.#queue(() => current.job.onPart?.(header, payload, current.attempt))
    else this.#settle(current, this.#answerOf(current, type, header, payload))
  }

  /** @throws BrokenFrame, ImplausibleReply */
  #answerOf(current: Current, type: number, header: unknown, bytes: Buffer): () => ChildAnswer {
    if (type === SESSION.failed) {
      const failure = failedReply(header)
      return () => ({ kind: 'failed', ...failure, warnings: this.#printed.lines() })
    }
    current.job.check?.(header, bytes)
    return () => ({ kind: 'reply', header, bytes, warnings: this.#printed.lines() })
  }

  /** Handles pieces one after the other. The socket is paused meanwhile, which bounds memory. */
  #queue(handle: () => void | Promise<void>): void {
    this.#spawned.channel.pause()
    this.#parts = this.#parts.then(async () => {
      try {
        if (!this.#partsThrew && this.#verdict === null) await handle()
      } catch (error) {
        if (!(error instanceof ImplausibleReply)) this.#partsThrew = { error }
        this.#condemn(error instanceof ImplausibleReply ? oddityOf(error) : STOPPED)
      }
      this.#spawned.channel.resume()
    })
  }

  /** @param answer called after all output that the child printed before it was read */
  #settle(current: Current, answer: () => ChildAnswer): void {
    this.#current = null
    // The answer is settled after the pieces that came before it; an error in one of them overrides it.
    this.#parts = this.#parts.then(async () => {
      // Output comes through other pipes and was written before the answer. One turn of the event loop reads it.
      await new Promise((resolve) => setImmediate(resolve))
      const threw = this.#partsThrew
      const odd = this.#verdict
      if (threw) current.settle({ kind: 'threw', error: threw.error })
      else if (odd) current.settle({ kind: 'failed', ...odd, warnings: this.#printed.lines() })
      else current.settle(answer())
    })
  }

  #checkClock(): void {
    const current = this.#current
    const waits = current?.isHanding || this.#spawned.channel.isPaused()
    const isTimed = this.#verdict === null && !this.#spawned.inspected
    const over = isTimed && current?.clock.over(waits)
    if (over) this.#condemn({ reason: 'over-time-limit', detail: over })
  }

  #condemn(failure: Failure): void {
    this.#verdict ??= failure
    if (this.#end === null) this.#spawned.kill()
    this.#spawned.channel.resume()
  }

  #finish({ message, ...end }: ProcessEnd): ChildEnd {
    if (this.#end !== null) return this.#end
    clearInterval(this.#timer)
    const printed = [...(message === null ? [] : [printable(message)]), ...this.#printed.lines()]
    this.#end = { ...end, printed }
    const { channel, stderr, process: child } = this.#spawned
    for (const stream of [channel, stderr, child.stdout]) stream?.destroy()
    if (this.#current) this.#settleByEnd(this.#current, this.#end)
    return this.#end
  }

  #settleByEnd(current: Current, end: ChildEnd): void {
    const failure = this.#verdict ?? meaningOf(end, current.clock.peakDataBytes, this.#setup.dataBytes)
    this.#settle(current, () => ({ kind: 'failed', ...failure, warnings: end.printed }))
  }
}
