/**
 * Reads files in separate processes: digests and media types for whole batches, contents one by one.
 *
 * Processes, not threads: a read that a stuck FUSE mount never answers cannot be cancelled, and a thread inside it would
 * keep the whole program from ending. A process is killed, or given up where even that does not work.
 *
 * Small files travel in batches. Large ones go one by one, to any free process but never to all of them: while small
 * files wait, one more process than `workers` is started rather than that a large file holds them up.
 */

import { type ByteString, byteString } from '../../base/byte-string.ts'
import { trace } from '../../base/trace.ts'
import type { Limits } from '../../contracts/case.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { HeldImage } from '../image/held-image.ts'
import { lentOf } from '../image/lent-content.ts'
import { type HeldFile, holdFile } from '../mount/held-file.ts'
import type { Batch, ReadItem } from './reader-batch.ts'
import { Call } from './reader-call.ts'
import { ReaderProcess } from './reader-process.ts'
import { notRead } from './reader-protocol.ts'

export interface ReaderPoolOptions {
  readonly root: Buffer | string
  /** The exhibit is an image; `root` is then its path and nothing is opened by it. */
  readonly image?: HeldImage
  /** Processes that read at the same time. */
  readonly workers: number
  readonly limits: Pick<Limits, 'readStallMs'>
  readonly ed2k?: boolean
  /** How long processes wait for work after {@link ReaderPool.start}. Default: three seconds. */
  readonly waitMs?: number
}

export type ReadJobs = Iterable<PendingRead> | AsyncIterable<readonly PendingRead[]>

const WAIT_MS = 3000
const BATCH_JOBS = 64
// As much as a process hashes side by side (GROUP_BYTES of reader-child.ts), and the largest file that goes into it.
const BATCH_BYTES = 32 * 1024 * 1024
const LARGE_BYTES = 12 * 1024 * 1024
/** Batches of small files that a process holds: one in work, the others to go on with while the ledger commits. */
const DEPTH = 4
// Records wait as small objects; beyond this, small files wait behind large ones.
const MAX_LARGE_WAITING = 4096
const MAX_START_FAILURES = 3

export class ReaderPool {
  readonly #root: ByteString
  readonly #image: HeldImage | null
  readonly #workers: number
  readonly #stallMs: number
  readonly #ed2k: boolean
  readonly #waitMs: number
  readonly #small: Batch[] = []
  readonly #large: Batch[] = []
  readonly #processes = new Set<ReaderProcess>()
  readonly #failed: ((error: Error) => void)[] = []
  #watchdog: NodeJS.Timeout | null = null
  #waiting: NodeJS.Timeout | undefined
  #lastTickMs = 0
  #startFailures = 0
  #failure: Error | null = null
  #closed = false
  #givenUp = 0
  #atimeTouched = false

  constructor(options: ReaderPoolOptions) {
    this.#root = byteString(options.root)
    this.#image = options.image ?? null
    this.#workers = Math.max(1, options.workers)
    this.#stallMs = options.limits.readStallMs
    this.#ed2k = options.ed2k ?? false
    this.#waitMs = options.waitMs ?? WAIT_MS
  }

  /** Access times of what was read may have changed: the account may not ask otherwise (O_NOATIME refused). */
  get atimeTouched(): boolean {
    return this.#atimeTouched
  }

  /** Processes killed or given up because a read did not return. */
  get givenUp(): number {
    return this.#givenUp
  }

  /**
   * Starts the processes before there is work, so that they are ready when it comes. Where that takes long (a large
   * exhibit is still being listed), they end: each holds 65 MB, and work starts them again.
   */
  start(): void {
    while (this.#processes.size < this.#workers) this.#spawn()
    this.#waiting = setTimeout(() => this.rest(), this.#waitMs).unref()
  }

  /** Ends the processes that have nothing to do. Work starts them again. */
  rest(): void {
    for (const process of [...this.#processes].filter(({ busy }) => !busy)) {
      this.#processes.delete(process)
      void process.end()
    }
  }

  /**
   * Digests and media type of every job, in any order, each exactly once.
   * @throws Error when no reader process can be started
   */
  async *readAll(jobs: ReadJobs): AsyncGenerator<readonly ReadItem[], void, undefined> {
    const call = new Call()
    const stop = this.#onFailure((error) => call.fail(error))
    const fed = this.#feed(jobs, call).catch((error) => call.fail(error as Error))
    try {
      for (let items = await call.next(); items !== null; items = await call.next()) yield items
      await fed
    } finally {
      call.cancel()
      stop()
    }
  }

  /** The whole content of one file, checked against the inventory, or why not. */
  bytes(job: PendingRead, maxBytes: number): Promise<{ readonly bytes: Buffer } | StageResult> {
    if (job.sizeBytes > BigInt(maxBytes)) {
      const params = { bytes: Number(job.sizeBytes), limit: maxBytes }
      return Promise.resolve(notDone('over-byte-limit', { code: 'over-bytes', params }))
    }
    return new Promise((resolve, reject) => {
      const stop = this.#onFailure(reject)
      const done: Batch['done'] = (items, content) => {
        stop()
        resolve(content === null ? items[0]!.outcome.result : { bytes: content })
      }
      this.#enqueue({
        jobs: [job],
        kind: 'send',
        large: isLarge(job),
        crashes: 0,
        done,
        cancelled: () => false,
      })
    })
  }

  /** The file held open for a child that reads it where it lies, checked against the inventory, or why not. */
  async hold(job: PendingRead): Promise<HeldFile | StageResult> {
    if (this.#image) return lentOf(this.#image, job)
    return holdFile(this.#root, job, this.#stallMs)
  }

  /** Ends every process and fails what still waits. One that does not even die is left to the system, within a second. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#waiting)
    this.#fail(new Error('the reader pool was closed'))
    if (this.#watchdog) clearInterval(this.#watchdog)
    await Promise.all([...this.#processes].map((process) => process.end()))
    this.#processes.clear()
  }

  async #feed(jobs: ReadJobs, call: Call): Promise<void> {
    let batch: PendingRead[] = []
    let batchBytes = 0
    const flush = () => {
      if (batch.length > 0) this.#enqueue(call.batch(batch, false))
      batch = []
      batchBytes = 0
    }
    for await (const page of Symbol.asyncIterator in jobs ? jobs : inPages(jobs)) {
      for (const job of page) {
        if (isLarge(job)) {
          this.#enqueue(call.batch([job], true))
        } else {
          if (batchBytes + Number(job.sizeBytes) > BATCH_BYTES) flush()
          batch.push(job)
          batchBytes += Number(job.sizeBytes)
          if (batch.length === BATCH_JOBS) flush()
        }
        while (!call.cancelled && this.#isFull(call)) await call.progress()
        if (call.cancelled) return
      }
      flush()
    }
    call.fedAll()
  }

  #isFull(call: Call): boolean {
    const enough = this.#workers * DEPTH * 2
    return this.#small.length >= enough || call.unread >= enough || this.#large.length >= MAX_LARGE_WAITING
  }

  #enqueue(batch: Batch): void {
    if (this.#failure) throw this.#failure
    ;(batch.large ? this.#large : this.#small).push(batch)
    this.#schedule()
  }

  /** Gives waiting work to processes until no rule allows more. */
  #schedule(): void {
    if (this.#closed || this.#failure) return
    for (const queue of [this.#small, this.#large])
      for (let i = queue.length - 1; i >= 0; i--) if (queue[i]!.cancelled()) queue.splice(i, 1)
    while (this.#startOne()) {}
    this.#watch()
  }

  #startOne(): boolean {
    const busy = [...this.#processes].filter((process) => process.busy)
    const busyLarge = busy.filter((process) => process.holdsLarge).length
    const mayStart = busy.length < this.#workers
    // All busy with large files: small ones get a process more.
    const maySqueeze = busy.length === this.#workers && busyLarge === busy.length
    if (this.#large.length > 0 && mayStart && (busyLarge === 0 || this.#small.length === 0))
      return this.#give(this.#large.shift()!, this.#idle())
    if (this.#small.length > 0 && (mayStart || maySqueeze))
      return this.#give(this.#small.shift()!, this.#idle())
    if (this.#small.length > 0) {
      const room = busy.find((process) => !process.holdsLarge && process.held < DEPTH)
      if (room) return this.#give(this.#small.shift()!, room)
    }
    return false
  }

  #give(batch: Batch, process: ReaderProcess): boolean {
    clearTimeout(this.#waiting)
    process.give(batch)
    return true
  }

  #idle(): ReaderProcess {
    const idle = [...this.#processes].find((process) => !process.busy)
    return idle ?? this.#spawn()
  }

  #spawn(): ReaderProcess {
    const process = new ReaderProcess(
      { root: this.#root, image: this.#image, ed2k: this.#ed2k },
      {
        answered: (batch, items, content, atimeTouched) => {
          this.#atimeTouched ||= atimeTouched
          this.#startFailures = 0
          trace('reader', () => `${batch.kind} ${items.length} of ${batch.jobs.length}`)
          batch.done(items, content)
          this.#schedule()
        },
        ended: (held, how) => this.#ended(process, held, how),
      },
    )
    this.#processes.add(process)
    return process
  }

  /** A process ended that was not told to: nothing that it held is lost. */
  #ended(process: ReaderProcess, held: readonly Batch[], how: string): void {
    this.#processes.delete(process)
    if (this.#closed) return
    if (!process.started && ++this.#startFailures >= MAX_START_FAILURES) {
      this.#fail(new Error(`The reading processes do not start: ${how} ${process.errorOutput}`.trim()))
      return
    }
    const [current, ...waiting] = held
    this.#again(waiting)
    if (current && process.started) this.#retry(current, how)
    else if (current) this.#again([current])
    this.#schedule()
  }

  #retry(batch: Batch, how: string): void {
    const [job] = batch.jobs
    if (batch.jobs.length === 1 && batch.crashes > 0) {
      batch.done(
        [{ job: job!, outcome: notRead('reader-crashed', { code: 'reader-ended', params: { how } }) }],
        null,
      )
      return
    }
    this.#again(batch.jobs.map((job) => ({ ...batch, jobs: [job], crashes: batch.crashes + 1 })))
  }

  /** To the front of their queues, in their order. */
  #again(batches: readonly Batch[]): void {
    this.#small.unshift(...batches.filter((batch) => !batch.large))
    this.#large.unshift(...batches.filter((batch) => batch.large))
  }

  #watch(): void {
    const busy = [...this.#processes].some((process) => process.busy)
    if (busy && !this.#watchdog) {
      this.#lastTickMs = performance.now()
      this.#watchdog = setInterval(() => this.#tick(), Math.min(500, Math.max(20, this.#stallMs / 10)))
    } else if (!busy && this.#watchdog) {
      clearInterval(this.#watchdog)
      this.#watchdog = null
    }
  }

  #tick(): void {
    const now = performance.now()
    // When this process itself stood still, heartbeats wait unread: the time does not count against the readers.
    const lateMs = now - this.#lastTickMs - 1000
    this.#lastTickMs = now
    for (const process of [...this.#processes]) {
      if (lateMs > 0) process.forgive(lateMs)
      if (process.busy && process.stillMs(now) > this.#stallMs) this.#stalled(process)
    }
  }

  #stalled(process: ReaderProcess): void {
    this.#givenUp++
    this.#processes.delete(process)
    const [current, ...waiting] = process.giveUp()
    this.#again(waiting)
    const index = current!.jobs.length === 1 ? 0 : process.jobInWork(current!)
    if (index === null) {
      // No heartbeat said which: one by one, the culprit shows itself.
      this.#again(current!.jobs.map((job) => ({ ...current!, jobs: [job] })))
    } else {
      const others = current!.jobs.filter((_, i) => i !== index)
      if (others.length > 0) this.#again([{ ...current!, jobs: others }])
      const job = current!.jobs[index]!
      const detail = { code: 'silent', params: { seconds: Math.round(this.#stallMs / 1000) } } as const
      current!.done([{ job, outcome: notRead('read-stalled', detail) }], null)
    }
    this.#schedule()
  }

  #onFailure(listener: (error: Error) => void): () => void {
    this.#failed.push(listener)
    return () => {
      this.#failed.splice(this.#failed.indexOf(listener), 1)
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const listener of [...this.#failed]) listener(error)
  }
}

function isLarge(job: PendingRead): boolean {
  return job.sizeBytes > BigInt(LARGE_BYTES)
}

function* inPages(jobs: Iterable<PendingRead>): Generator<readonly PendingRead[]> {
  let page: PendingRead[] = []
  for (const job of jobs) {
    page.push(job)
    if (page.length < 1024) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
