/**
 * A reader of the exhibit that works for one child: what it reads goes over a pipe that only these two have. The process is
 * started when it is first needed, and ended when nothing was asked for a while.
 */
import { closeSync } from 'node:fs'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Feeder } from '../decoder/feeder.ts'
import { makePipe, type Pipe } from '../decoder/pipe.ts'
import { isLarge } from './batching.ts'
import { ReaderProcess, type Reads } from './reader-process.ts'
import { StallWatch } from './stall-watch.ts'

/** A picture takes a second or less; each of these processes holds 65 MB. */
const REST_MS = 10_000

export async function startFeeder(reads: Reads, stallMs: number): Promise<Feeder | null> {
  const pipe = await makePipe()
  return pipe && new ExhibitFeeder(pipe, reads, stallMs)
}

type How = Awaited<ReturnType<Feeder['hand']>>

class ExhibitFeeder implements Feeder {
  readonly #pipe: Pipe
  readonly #reads: Reads
  readonly #processes = new Set<ReaderProcess>()
  readonly #watch: StallWatch
  #before: Promise<unknown> = Promise.resolve()
  #settle: ((how: How) => void) | null = null
  #resting: NodeJS.Timeout | undefined
  #inherited = false
  #ended = false

  constructor(pipe: Pipe, reads: Reads, stallMs: number) {
    this.#pipe = pipe
    this.#reads = reads
    this.#watch = new StallWatch(this.#processes, stallMs, () => this.end())
  }

  get descriptor(): number {
    return this.#pipe.readFd
  }

  inherited(): void {
    if (!this.#inherited) closeSync(this.#pipe.readFd)
    this.#inherited = true
  }

  /**
   * One after the other: the child may have answered, and be given the next content, before the process that read the last one
   * has said that it is handed. Were both at work, the answer for one would count for the other.
   */
  hand(job: PendingRead): Promise<How> {
    const how = this.#before.then(() => this.#hand(job))
    this.#before = how
    return how
  }

  #hand(job: PendingRead): Promise<How> {
    if (this.#ended) return Promise.resolve('lost')
    clearTimeout(this.#resting)
    return new Promise((settle) => {
      this.#settle = settle
      this.#process().give({
        jobs: [job],
        kind: 'hand',
        large: isLarge(job),
        crashes: 0,
        done: (items) => this.#answered(items.length === 0 ? 'handed' : 'refused'),
        cancelled: () => false,
      })
      this.#watch.look()
    })
  }

  /** Something may have been left in the pipe: nobody hands anything over it any more. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#watch.stop()
    clearTimeout(this.#resting)
    for (const process of this.#processes) process.giveUp()
    this.inherited()
    closeSync(this.#pipe.writeFd)
    this.#settle?.('lost')
  }

  #answered(how: How): void {
    this.#watch.look()
    this.#settle?.(how)
    this.#settle = null
    clearTimeout(this.#resting)
    this.#resting = setTimeout(() => this.#rest(), REST_MS).unref()
  }

  #rest(): void {
    for (const process of this.#processes) process.giveUp()
    this.#processes.clear()
  }

  #process(): ReaderProcess {
    for (const process of this.#processes) return process
    const process = new ReaderProcess(
      { ...this.#reads, feedFd: this.#pipe.writeFd },
      { answered: (batch, items) => batch.done(items, null), ended: () => this.end() },
    )
    this.#processes.add(process)
    return process
  }
}
