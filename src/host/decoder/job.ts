/** One job for a child, and how it ended. */

import type { Detail } from '../../contracts/detail.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import type { Lent } from '../../wire/passed-content.ts'
import type { Handed } from './feeder.ts'

/** Limits of an answer. A frame that announces more is refused before a byte of it is read. */
export interface ReplyLimits {
  /** Of one frame. */
  readonly headerBytes: number
  readonly payloadBytes: number
  /** Of all frames of the job together. */
  readonly totalBytes: number
}

export interface Job {
  readonly op: string
  /** JSON. */
  readonly header: unknown
  readonly bytes: Buffer
  /** SHA-256 that the child must find over `bytes` before the job; null when the job has none. */
  readonly sha256: string | null
  /** An open descriptor in place of bytes: the job then gets a child of its own. The caller closes it. */
  readonly lent?: Lent
  /** A content that is passed to the child in place of bytes; the child must find `sha256` over it. */
  readonly handed?: Handed
  readonly cpuMs?: number
  readonly reply: ReplyLimits
  /**
   * Checks the answer before it is used. @throws ImplausibleReply for an answer that cannot be true: the child
   * is then ended, and another child gets the job
   */
  readonly check?: (header: unknown, bytes: Buffer) => void
  /**
   * Receives the pieces that the operation emits, in order; throws as `check` does. A new attempt voids the
   * pieces of earlier attempts.
   */
  readonly onPart?: (header: unknown, bytes: Buffer, attempt: number) => void | Promise<void>
}

export type JobOutcome =
  | {
      readonly done: true
      /** JSON from a process that parsed hostile bytes: check it before use. */
      readonly header: unknown
      readonly bytes: Buffer
      /** Output that the child printed, escaped and bounded. */
      readonly warnings: readonly string[]
    }
  | {
      readonly done: false
      readonly reason: ReasonCode
      readonly detail: Detail | null
      /** The child sent a message that cannot be true; no other message of it is used. */
      readonly implausible: boolean
      readonly warnings: readonly string[]
    }
