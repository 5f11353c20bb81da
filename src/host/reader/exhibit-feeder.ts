/**
 * A reader of the exhibit that works for one child: its bytes go through a pipe that only these two processes
 * have.
 * The process starts with the first request, and ends after a while without any.
 */
import { closeSync } from 'node:fs'
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Feeder } from '../decoder/feeder.ts'
import { makePipe, type Pipe } from '../decoder/pipe.ts'
import { isLarge } from './batching.ts'
import { ReaderProcess, type Reads } from './reader-process.ts'
import { StallWatch } from './stall-watch.ts'

/**
 * Milliseconds without a request until the process ends. A picture takes a second or less; each of these
 * processes uses 65 MB.
 */
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
   * Passes one content after the other. The child may answer, and get the next content, before the reader has
   * reported that it passed the last one.
   * With both at work, the answer for one content would count for the other.
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

  /** Ends the feeder: the pipe may still contain bytes, so no content is passed over it again. */
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
      { ...this.#reads, passesOn: true, feedFd: this.#pipe.writeFd },
      { answered: (batch, items) => batch.done(items, null), ended: () => this.end() },
    )
    this.#processes.add(process)
    return process
  }
}
