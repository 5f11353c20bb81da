/** The batches that repeat one whose process ended or stalled before it answered. */
import type { PendingRead } from '../../contracts/ledger.ts'
import type { Batch } from './reader-batch.ts'

/** One batch a job, which shows the faulty one. */
export function oneByOne(batch: Batch, crashes = batch.crashes): Batch[] {
  return batch.jobs.map((job) => ({ ...batch, jobs: [job], crashes }))
}

/**
 * @param inWork index of the job that the process named last; null: no heartbeat named one
 * @returns the job that stalls, null: not known yet; and what is read again
 */
export function afterStall(
  batch: Batch,
  inWork: number | null,
): { faulty: PendingRead | null; again: Batch[] } {
  const index = batch.jobs.length === 1 ? 0 : inWork
  if (index === null) return { faulty: null, again: oneByOne(batch) }
  const jobs = batch.jobs.filter((_, i) => i !== index)
  return { faulty: batch.jobs[index]!, again: jobs.length > 0 ? [{ ...batch, jobs }] : [] }
}
