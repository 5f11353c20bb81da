/** What the reader pool hands to a reader process, and what comes back. */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'

export interface ReadItem {
  readonly job: PendingRead
  readonly outcome: ReadOutcome
}

/** Work that one process does without a word in between. */
export interface Batch {
  readonly jobs: readonly PendingRead[]
  readonly kind: 'digest' | 'send' | 'hand'
  readonly large: boolean
  /** How often the process ended while it had this batch and no other job. */
  readonly crashes: number
  readonly done: (items: readonly ReadItem[], content: Buffer | null) => void
  /** The caller has gone: not worth starting. */
  readonly cancelled: () => boolean
}
