/** Messages between the reader pool and a reader process: a batch and its results. */
import type { ReadOutcome } from '../../contracts/content.ts'
import type { PendingRead } from '../../contracts/ledger.ts'

export interface ReadItem {
  readonly job: PendingRead
  readonly outcome: ReadOutcome
  /** Number of the answering process in its pool; absent: no process answered, it ended or hung. */
  readonly by?: number
}

/** Destination of a content that arrives in pieces. */
export interface Received {
  readonly leftBytes: number
  take(piece: Buffer): void
  /** The whole content where it is kept in memory. @throws ImplausibleReply where bytes are missing */
  whole(): Buffer | null
  /** Overwrites the bytes that it keeps. */
  forget?(): void
}

/** Work that one process does without an intermediate message. */
export interface Batch {
  readonly jobs: readonly PendingRead[]
  readonly kind: 'digest' | 'send' | 'hand'
  readonly large: boolean
  /** Receives the pieces, in place of memory for the whole content. */
  readonly received?: Received
  /** How often a process ended while it had this batch and no other job. */
  readonly crashes: number
  readonly done: (items: readonly ReadItem[], content: Buffer | null) => void
  /** The caller has gone, so the batch need not start. */
  readonly cancelled: () => boolean
}
