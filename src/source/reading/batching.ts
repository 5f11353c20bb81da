/** Jobs as the batches that reader processes take: small files together, up to what is hashed side by side, large ones alone. */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Batch } from './reader-batch.ts'
import type { Call } from './reader-call.ts'

export type ReadJobs = Iterable<PendingRead> | AsyncIterable<readonly PendingRead[]>

const BATCH_JOBS = 64
// As much as a process hashes side by side (GROUP_BYTES of reader-child.ts), and the largest file that goes into it.
const BATCH_BYTES = 32 * 1024 * 1024
const LARGE_BYTES = 12 * 1024 * 1024

export interface Queue {
  enqueue(batch: Batch): void
  isFull(call: Call): boolean
}

/**
 * Puts jobs into a queue as batches of one call, while it has room.
 * @param queue throws when no process can be started
 */
export async function feed(jobs: ReadJobs, call: Call, queue: Queue): Promise<void> {
  let batch: PendingRead[] = []
  let batchBytes = 0
  const flush = () => {
    if (batch.length > 0) queue.enqueue(call.batch(batch, false))
    batch = []
    batchBytes = 0
  }
  for await (const page of Symbol.asyncIterator in jobs ? jobs : inPages(jobs)) {
    for (const job of page) {
      if (isLarge(job)) {
        queue.enqueue(call.batch([job], true))
      } else {
        if (batchBytes + Number(job.sizeBytes) > BATCH_BYTES) flush()
        batch.push(job)
        batchBytes += Number(job.sizeBytes)
        if (batch.length === BATCH_JOBS) flush()
      }
      while (!call.cancelled && queue.isFull(call)) await call.progress()
      if (call.cancelled) return
    }
    flush()
  }
  call.fedAll()
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
