/** What the reader pool hands to a reader process, and what comes back. */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'

export interface ReadItem {
  readonly job: PendingRead
  readonly outcome: ReadOutcome
  /** Which process answered, by its number in its pool; absent: none did, it ended or hung. */
  readonly by?: number
}

/** Where a content goes that comes in pieces. */
export interface Received {
  readonly leftBytes: number
  take(piece: Buffer): void
  /** All of it, where it is kept. @throws ImplausibleReply where some of it did not come */
  whole(): Buffer | null
}

/** Work that one process does without a word in between. */
export interface Batch {
  readonly jobs: readonly PendingRead[]
  readonly kind: 'digest' | 'send' | 'hand'
  readonly large: boolean
  /** Takes what is sent, in place of memory that holds all of it. */
  readonly received?: Received
  /** How often the process ended while it had this batch and no other job. */
  readonly crashes: number
  readonly done: (items: readonly ReadItem[], content: Buffer | null) => void
  /** The caller has gone: not worth starting. */
  readonly cancelled: () => boolean
}
