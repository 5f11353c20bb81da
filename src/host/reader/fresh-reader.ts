/**
 * Reads contents again, one after the other, in a process that has answered for none of them.
 * The process starts after the first answers came, shares nothing with the processes that gave them, and is
 * replaced regularly.
 */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { isLarge } from './batching.ts'
import { HashedContent } from './hashed-content.ts'
import { crashedRead, stalledRead } from './read-outcome.ts'
import type { Batch } from './reader-batch.ts'
import { ReaderProcess, type Reads } from './reader-process.ts'
import { StallWatch } from './stall-watch.ts'

/**
 * `digested`: the process reports digests and media type. `hashed-here`: it passes the bytes and the main
 * process hashes them.
 */
export type ReadAgainHow = 'digested' | 'hashed-here'

/** Contents after which a new process takes over; starting one costs as much as reading some of them. */
const CONTENTS_A_PROCESS = 512
/** Milliseconds until an idle process ends: it uses 65 MB. */
const REST_MS = 10_000

/** Requests that the process has at once, so that it works while its last answer is on the way. */
const AT_ONCE = 16

interface Asked {
  readonly job: PendingRead
  readonly settle: (outcome: ReadOutcome) => void
  crashes: number
}

export class FreshReader {
  readonly #reads: Reads
  readonly #how: ReadAgainHow
  readonly #processes = new Set<ReaderProcess>()
  readonly #watch: StallWatch
  readonly #waiting: Asked[] = []
  /** With the process, in their order. */
  readonly #asked = new Map<Batch, Asked>()
  #answered = 0
  #resting: NodeJS.Timeout | undefined
  #closed = false

  constructor(reads: Reads, how: ReadAgainHow, stallMs: number) {
    this.#reads = { ...reads, passesOn: how === 'hashed-here' }
    this.#how = how
    this.#watch = new StallWatch(this.#processes, stallMs, () => {
      const [stalled] = this.#drop()
      stalled?.settle(stalledRead(stallMs))
    })
  }

  /** @returns the media type only where `how` is `digested`; never settles after the reader ended */
  read(job: PendingRead): Promise<ReadOutcome> {
    return new Promise((settle) => {
      this.#waiting.push({ job, settle, crashes: 0 })
      this.#next()
    })
  }

  /** Another process reads from now on, also the content that is being read. */
  renew(): void {
    const [first] = this.#drop()
    if (first) this.#waiting.unshift(first)
    this.#next()
  }

  end(): void {
    this.#closed = true
    clearTimeout(this.#resting)
    this.#drop()
    this.#watch.stop()
  }

  /** Ends the process; its waiting contents are queued again. @returns the content in work, which is not queued */
  #drop(): readonly Asked[] {
    for (const process of this.#processes) process.giveUp()
    this.#processes.clear()
    this.#answered = 0
    const [first, ...others] = this.#asked.values()
    for (const { received } of this.#asked.keys()) received?.forget?.()
    this.#asked.clear()
    this.#waiting.unshift(...others)
    this.#watch.look()
    return first === undefined ? [] : [first]
  }

  #next(): void {
    clearTimeout(this.#resting)
    while (!this.#closed && this.#waiting.length > 0 && this.#asked.size < AT_ONCE) {
      if (this.#answered >= CONTENTS_A_PROCESS) {
        // The old process first answers its open requests.
        if (this.#asked.size > 0) break
        this.#drop()
      }
      const next = this.#waiting.shift()!
      const batch = this.#batchOf(next.job)
      this.#asked.set(batch, next)
      this.#answered++
      this.#process().give(batch)
    }
    this.#watch.look()
    if (this.#asked.size === 0 && !this.#closed)
      this.#resting = setTimeout(() => this.#drop(), REST_MS).unref()
  }

  #batchOf(job: PendingRead): Batch {
    const common = { jobs: [job], large: isLarge(job), crashes: 0, cancelled: () => false }
    if (this.#how === 'digested') {
      const batch: Batch = { ...common, kind: 'digest', done: ([item]) => this.#settle(batch, item!.outcome) }
      return batch
    }
    const received = new HashedContent(Number(job.sizeBytes), this.#reads.ed2k)
    const done: Batch['done'] = ([item]) => this.#settle(batch, item?.outcome ?? received.outcome())
    const batch: Batch = { ...common, kind: 'send', received, done }
    return batch
  }

  #settle(batch: Batch, outcome: ReadOutcome): void {
    const asked = this.#asked.get(batch)
    this.#asked.delete(batch)
    batch.received?.forget?.()
    asked?.settle(outcome)
    this.#next()
  }

  #process(): ReaderProcess {
    for (const process of this.#processes) return process
    const process = new ReaderProcess(this.#reads, {
      answered: (batch, items) => batch.done(items, null),
      ended: (_held, how) => this.#ended(how),
    })
    this.#processes.add(process)
    return process
  }

  /** A content is blamed only for the second end of a process; the first may be chance. */
  #ended(how: string): void {
    const [asked] = this.#drop()
    if (asked === undefined || this.#closed) return
    asked.crashes++
    if (asked.crashes > 1) asked.settle(crashedRead(how))
    else this.#waiting.unshift(asked)
    this.#next()
  }
}
