/**
 * Reads contents again, one after the other, in a process that has answered for none of them: it is started after the first answers
 * came, shares nothing with the processes that gave them, and is itself replaced now and then.
 */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { isLarge } from './batching.ts'
import { HashedContent } from './hashed-content.ts'
import { crashedRead, stalledRead } from './read-outcome.ts'
import type { Batch } from './reader-batch.ts'
import { ReaderProcess, type Reads } from './reader-process.ts'
import { StallWatch } from './stall-watch.ts'

/** `digested`: it says digests and media type. `hashed-here`: it hands over the bytes and this process hashes them. */
export type ReadAgainHow = 'digested' | 'hashed-here'

/** After so many contents the next process reads; starting one costs as much as some of them. */
const CONTENTS_A_PROCESS = 512
/** One that has nothing to do ends: it holds 65 MB. */
const REST_MS = 10_000

/** The next are with the process while the answer to the last is on its way. */
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
    this.#reads = reads
    this.#how = how
    this.#watch = new StallWatch(this.#processes, stallMs, () => {
      const [stalled] = this.#drop()
      stalled?.settle(stalledRead(stallMs))
    })
  }

  /** @returns media type only where it was `digested`; never settles once the reader is ended */
  read(job: PendingRead): Promise<ReadOutcome> {
    return new Promise((settle) => {
      this.#waiting.push({ job, settle, crashes: 0 })
      this.#next()
    })
  }

  /** What reads from now on is another process, also what is being read. */
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

  /** Ends the process; what it held waits again. @returns the one that it was at, which does not */
  #drop(): readonly Asked[] {
    for (const process of this.#processes) process.giveUp()
    this.#processes.clear()
    this.#answered = 0
    const [first, ...others] = this.#asked.values()
    this.#asked.clear()
    this.#waiting.unshift(...others)
    this.#watch.look()
    return first === undefined ? [] : [first]
  }

  #next(): void {
    clearTimeout(this.#resting)
    while (!this.#closed && this.#waiting.length > 0 && this.#asked.size < AT_ONCE) {
      if (this.#answered >= CONTENTS_A_PROCESS) {
        // It first answers what it holds.
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

  /** Once may be chance. */
  #ended(how: string): void {
    const [asked] = this.#drop()
    if (asked === undefined || this.#closed) return
    asked.crashes++
    if (asked.crashes > 1) asked.settle(crashedRead(how))
    else this.#waiting.unshift(asked)
    this.#next()
  }
}
