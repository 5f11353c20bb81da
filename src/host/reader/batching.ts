/**
 * Groups jobs into the batches that reader processes take: small files up to the number hashed side by side,
 * files of some megabytes with others of that size, large files alone.
 */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Batch } from './reader-batch.ts'
import type { Call } from './reader-call.ts'

export type ReadJobs = Iterable<PendingRead> | AsyncIterable<readonly PendingRead[]>

export const BATCH_JOBS = 64
// As much as a process hashes side by side (GROUP_BYTES of reader-child.ts), and the largest file that goes into it.
const BATCH_BYTES = 32 * 1024 * 1024
const LARGE_BYTES = 12 * 1024 * 1024
// Among small files such a file would be hashed in one lane while the other lanes are empty.
const MIDDLING_BYTES = 4 * 1024 * 1024

export interface Queue {
  enqueue(batch: Batch): void
  isFull(call: Call): boolean
}

/**
 * Puts jobs into a queue as batches of one call, while it has room.
 * @param queue throws when no process can be started
 */
export async function feed(jobs: ReadJobs, call: Call, queue: Queue): Promise<void> {
  const [small, middling] = [new Gathering(call, queue), new Gathering(call, queue)]
  for await (const page of Symbol.asyncIterator in jobs ? jobs : inPages(jobs)) {
    for (const job of page) {
      if (isLarge(job)) queue.enqueue(call.batch([job], true))
      else if (job.sizeBytes > BigInt(MIDDLING_BYTES)) middling.add(job)
      else small.add(job)
      while (!call.cancelled && queue.isFull(call)) await call.progress()
      if (call.cancelled) return
    }
    // A page has few files of middle size, so these wait for the next page.
    small.flush()
  }
  middling.flush()
  call.fedAll()
}

/** Jobs that become one batch. */
class Gathering {
  readonly #call: Call
  readonly #queue: Queue
  #batch: PendingRead[] = []
  #bytes = 0

  constructor(call: Call, queue: Queue) {
    this.#call = call
    this.#queue = queue
  }

  add(job: PendingRead): void {
    const bytes = Number(job.sizeBytes)
    if (this.#bytes + bytes > BATCH_BYTES) this.flush()
    this.#batch.push(job)
    this.#bytes += bytes
    if (this.#batch.length === BATCH_JOBS) this.flush()
  }

  flush(): void {
    if (this.#batch.length > 0) this.#queue.enqueue(this.#call.batch(this.#batch, false))
    this.#batch = []
    this.#bytes = 0
  }
}

export function isLarge(job: PendingRead): boolean {
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
