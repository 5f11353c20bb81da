/**
 * Reads files in separate processes: digests and media types for whole batches, contents one by one.
 * Processes, not threads: a read that a stuck FUSE mount never answers cannot be cancelled, and a thread inside it
 * would keep the whole program from ending.
 * Small files travel in batches. Large files go one by one, never to all processes: while small files wait, the pool
 * starts one process more than `workers`.
 */

import { byteString } from '../../base/byte-string.ts'
import { trace } from '../../base/trace.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Reading } from '../../contracts/progress.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import type { Feeder } from '../decoder/feeder.ts'
import { type HeldFile, holdFile } from '../held/held-file.ts'
import { passedContentOf } from '../held/passed-content.ts'
import { BatchQueues, DEPTH } from './batch-queues.ts'
import { BATCH_JOBS, feed, isLarge, type ReadJobs } from './batching.ts'
import { Blame } from './blame.ts'
import { startFeeder } from './exhibit-feeder.ts'
import { Failure } from './failure.ts'
import { crashedRead, stalledRead } from './read-outcome.ts'
import type { Batch, ReadItem, Received } from './reader-batch.ts'
import { Call } from './reader-call.ts'
import type { ReaderPoolOptions } from './reader-pool-options.ts'
import { largestReading, ReaderProcess, type Reads } from './reader-process.ts'
import { afterStall, oneByOne } from './repeated.ts'
import { SecondReaders } from './second-readers.ts'
import { StallWatch } from './stall-watch.ts'

const WAIT_MS = 3000

export class ReaderPool {
  readonly #reads: Reads
  readonly #workers: number
  readonly #stallMs: number
  readonly #waitMs: number
  readonly #queues = new BatchQueues()
  readonly #processes = new Set<ReaderProcess>()
  readonly #watch: StallWatch
  readonly #failure = new Failure()
  readonly blame: Blame
  /** Read contents again. */
  readonly second: SecondReaders
  #waiting: NodeJS.Timeout | undefined
  #closed = false
  #givenUp = 0
  #atimeTouched = false

  constructor(options: ReaderPoolOptions) {
    const { root, image = null, ed2k = false } = options
    this.#workers = Math.max(1, options.workers)
    this.#stallMs = options.limits.readStallMs
    this.#reads = { root: byteString(root), image, ed2k, stallMs: this.#stallMs }
    this.#watch = new StallWatch(this.#processes, this.#stallMs, (process) => this.#stalled(process))
    this.second = new SecondReaders(this.#reads, this.#stallMs, this.#processes, () => this.#watch.look())
    this.#waitMs = options.waitMs ?? WAIT_MS
    this.blame = new Blame(this.#failure, options.tried ?? null)
  }

  /** True where access times of read files may have changed, because the account may not use O_NOATIME. */
  get atimeTouched(): boolean {
    return this.#atimeTouched
  }

  /** Number of processes killed or abandoned because a read did not return. */
  get givenUp(): number {
    return this.#givenUp
  }

  /** The largest file that is being digested alone; null: none. */
  get reading(): Reading | null {
    return largestReading(this.#processes)
  }

  /** Starts one process before there is work. While a large exhibit is listed it ends again: each uses 65 MB. */
  start(): void {
    this.#spawn()
    this.#waiting = setTimeout(() => this.rest(), this.#waitMs).unref()
  }

  /**
   * As long as that one waits: starts the others that so many files give work to. A few files are one batch, of which
   * a second process reads some again. Without files nothing more is started: each start takes CPU time.
   */
  expect(files: number): void {
    if (this.#waiting === undefined || this.#failure.error || files === 0) return
    const useful = Math.min(this.#workers, Math.max(2, Math.ceil(files / BATCH_JOBS)))
    while (this.#processes.size < useful) this.#spawn()
  }

  /** Ends idle processes. Work starts them again. */
  rest(): void {
    this.#stopWaiting()
    for (const process of [...this.#processes].filter(({ busy }) => !busy)) {
      this.#processes.delete(process)
      void process.end()
    }
  }

  /**
   * Digests and media type of every job, in any order, each exactly once.
   * @throws ProcessFailed when no reader process can be started; InstallationBroken when no process can read any file
   */
  async *readAll(jobs: ReadJobs): AsyncGenerator<readonly ReadItem[], void, undefined> {
    const call = new Call()
    const enough = this.#workers * DEPTH * 2
    const stop = this.#failure.on((error) => call.fail(error))
    const fed = feed(jobs, call, {
      enqueue: (batch) => this.#enqueue(batch),
      isFull: ({ unread }) => unread >= enough || this.#queues.isFull(enough),
    }).catch((error) => call.fail(error as Error))
    try {
      for (let items = await call.next(); items !== null; items = await call.next()) yield items
      await fed
    } finally {
      call.cancel()
      stop()
    }
  }

  /** The whole content of one file, compared with the inventory; or the reason why that failed. */
  bytes(job: PendingRead, maxBytes: number): Promise<{ readonly bytes: Buffer } | StageResult> {
    if (job.sizeBytes > BigInt(maxBytes)) {
      const params = { bytes: Number(job.sizeBytes), limit: maxBytes }
      return Promise.resolve(notDone('over-byte-limit', { code: 'over-bytes', params }))
    }
    return this.#sent(job).then(({ content, result }) => (content === null ? result : { bytes: content }))
  }

  /** The same of any size, piece by piece; done: `received` took every byte. What crashes a reader is not asked again. */
  async into(job: PendingRead, received: Received): Promise<StageResult> {
    return (await this.#sent(job, received)).result
  }

  #sent(job: PendingRead, received?: Received): Promise<{ content: Buffer | null; result: StageResult }> {
    return new Promise((resolve, reject) => {
      const stop = this.#failure.on(reject)
      const done: Batch['done'] = ([item], content) => {
        stop()
        resolve({ content, result: item?.outcome.result ?? { result: 'done' } })
      }
      const how = received ? { received, crashes: 1 } : { crashes: 0 }
      const rest = { large: isLarge(job), cancelled: () => false, done }
      this.#enqueue({ jobs: [job], kind: 'send', ...rest, ...how })
    })
  }

  /** Ends this process; others read its open jobs. Those that read again are replaced too: either may have lied. */
  distrust(number: number): void {
    this.second.renew()
    const process = [...this.#processes].find((one) => one.number === number)
    if (!process) return
    this.#processes.delete(process)
    this.#queues.again(process.giveUp())
    this.#schedule()
  }

  /** Opens the file for a child that reads it in place, compared with the inventory; or why that failed. */
  async hold(job: PendingRead): Promise<HeldFile | StageResult> {
    const { root, image } = this.#reads
    return image ? passedContentOf(image, job) : holdFile(root, job, this.#stallMs)
  }

  /** A separate process that reads for one child and passes contents to it directly. */
  startFeeder(): Promise<Feeder | null> {
    return startFeeder({ ...this.#reads, ed2k: false }, this.#stallMs)
  }

  /** Ends every process and fails all waiting calls. It waits at most a second for a process that does not die. */
  async close(): Promise<void> {
    this.#closed = true
    this.#stopWaiting()
    this.second.end()
    this.#failure.set(new Error('the reader pool was closed'))
    this.#watch.stop()
    await Promise.all([...this.#processes].map((process) => process.end()))
    this.#processes.clear()
  }

  #enqueue(batch: Batch): void {
    if (this.#failure.error) throw this.#failure.error
    this.#queues.add(batch)
    this.#schedule()
  }

  /** Gives waiting work to processes until no rule allows more. */
  #schedule(): void {
    if (this.#closed || this.#failure.error) return
    this.#queues.dropCancelled()
    const next = () => this.#queues.next(this.#processes, this.#workers)
    const idle = () => [...this.#processes].find((process) => !process.busy) ?? this.#spawn()
    for (let one = next(); one !== null; one = next()) {
      this.#stopWaiting()
      ;(one.to ?? idle()).give(one.batch)
    }
    this.#watch.look()
  }

  #stopWaiting(): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
  }

  #spawn(): ReaderProcess {
    const process = new ReaderProcess(this.#reads, {
      answered: (batch, items, content, atimeTouched) => {
        this.#atimeTouched ||= atimeTouched
        this.blame.worked()
        trace('reader', () => `${batch.kind} ${items.length} of ${batch.jobs.length}`)
        const answers = items.map((item) => ({ ...item, by: process.number }))
        batch.done(answers, content)
        this.#schedule()
      },
      ended: (held, how) => this.#ended(process, held, how),
    })
    this.#processes.add(process)
    return process
  }

  /** Queues the open jobs of a process that ended by itself; no job is lost. */
  #ended(process: ReaderProcess, held: readonly Batch[], how: string): void {
    this.#processes.delete(process)
    if (this.#closed || !this.blame.ended(process, how)) return
    const [current, ...waiting] = held
    this.#queues.again(waiting)
    if (current && process.started) this.#retry(current, how)
    else if (current) this.#queues.again([current])
    this.#schedule()
  }

  #retry(batch: Batch, how: string): void {
    const [job] = batch.jobs
    if (batch.jobs.length === 1 && batch.crashes > 0) {
      void this.blame.unlessBroken(() => batch.done([{ job: job!, outcome: crashedRead(how) }], null))
      return
    }
    this.#queues.again(oneByOne(batch, batch.crashes + 1))
  }

  #stalled(process: ReaderProcess): void {
    this.#givenUp++
    this.#processes.delete(process)
    const [current, ...waiting] = process.giveUp()
    const { faulty, again } = afterStall(current!, process.jobInWork(current!))
    this.#queues.again([...again, ...waiting])
    if (faulty) current!.done([{ job: faulty, outcome: stalledRead(this.#stallMs) }], null)
    this.#schedule()
  }
}
