/**
 * Who reads contents again: a process that hands over bytes and never looks at them, for this one to hash; and what they are, another
 * process than the one that said so first.
 */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { isLarge } from './batching.ts'
import { FreshReader } from './fresh-reader.ts'
import type { ReaderProcess, Reads } from './reader-process.ts'

export class SecondReaders {
  readonly #hashedHere: FreshReader
  /** Where no other process of the pool is at hand. */
  readonly #digested: FreshReader
  readonly #first: Iterable<ReaderProcess>
  readonly #given: () => void

  /** @param first those of the pool @param given told when one of them was given something to do */
  constructor(reads: Reads, stallMs: number, first: Iterable<ReaderProcess>, given: () => void) {
    this.#hashedHere = new FreshReader(reads, 'hashed-here', stallMs)
    this.#digested = new FreshReader(reads, 'digested', stallMs)
    this.#first = first
    this.#given = given
  }

  /** Digests alone, of bytes that this process hashed. */
  hashedHere(job: PendingRead): Promise<ReadOutcome> {
    return this.#hashedHere.read(job)
  }

  /** Digests and media type as a process says them. @param notBy the number of the one that is not asked */
  digested(job: PendingRead, notBy: number | undefined): Promise<ReadOutcome> {
    const other = [...this.#first].find(({ number, holdsLarge }) => number !== notBy && !holdsLarge)
    if (!other || notBy === undefined || isLarge(job)) return this.#digested.read(job)
    return new Promise((settle) => {
      const rest = { large: false, crashes: 0, cancelled: () => false }
      other.give({ jobs: [job], kind: 'digest', ...rest, done: ([item]) => settle(item!.outcome) })
      this.#given()
    })
  }

  /** What they read from now on other processes read. */
  renew(): void {
    this.#hashedHere.renew()
    this.#digested.renew()
  }

  end(): void {
    this.#hashedHere.end()
    this.#digested.end()
  }
}
