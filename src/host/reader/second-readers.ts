/**
 * Reads contents again for verification. For digests, a process passes the bytes and the main process hashes
 * them; for the media type, another process than the first reports it.
 */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { isLarge } from './batching.ts'
import { FreshReader } from './fresh-reader.ts'
import type { ReaderProcess, Reads } from './reader-process.ts'

export class SecondReaders {
  readonly #hashedHere: FreshReader
  /** Used where no other process of the pool is free. */
  readonly #digested: FreshReader
  readonly #first: Iterable<ReaderProcess>
  readonly #given: () => void

  /** @param first processes of the pool @param given called when one of them got a batch */
  constructor(reads: Reads, stallMs: number, first: Iterable<ReaderProcess>, given: () => void) {
    this.#hashedHere = new FreshReader(reads, 'hashed-here', stallMs)
    this.#digested = new FreshReader(reads, 'digested', stallMs)
    this.#first = first
    this.#given = given
  }

  /** Digests alone, of bytes that the main process hashed. */
  hashedHere(job: PendingRead): Promise<ReadOutcome> {
    return this.#hashedHere.read(job)
  }

  /** Digests and media type as another process reports them. @param notBy number of the process to avoid */
  digested(job: PendingRead, notBy: number | undefined): Promise<ReadOutcome> {
    const other = [...this.#first].find(({ number, holdsLarge }) => number !== notBy && !holdsLarge)
    if (!other || notBy === undefined || isLarge(job)) return this.#digested.read(job)
    return new Promise((settle) => {
      const rest = { large: false, crashes: 0, cancelled: () => false }
      other.give({ jobs: [job], kind: 'digest', ...rest, done: ([item]) => settle(item!.outcome) })
      this.#given()
    })
  }

  /** Other processes read from now on. */
  renew(): void {
    this.#hashedHere.renew()
    this.#digested.renew()
  }

  end(): void {
    this.#hashedHere.end()
    this.#digested.end()
  }
}
