/** One job for a child, and how it ended. */

import type { Detail } from '../../contracts/detail.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import type { Lent } from '../../wire/passed-content.ts'
import type { Handed } from './feeder.ts'

/** What an answer may weigh: what is announced beyond is refused before a byte of it is taken. */
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
  /** Digest that the child must find over `bytes` first; null when the job has none. */
  readonly sha256: string | null
  /** An open descriptor to hand over instead of bytes: the job then gets a child of its own. The caller closes it. */
  readonly lent?: Lent
  /** A content that is handed to the child in place of bytes, which it must find `sha256` over. */
  readonly handed?: Handed
  readonly cpuMs?: number
  readonly reply: ReplyLimits
  /**
   * Asked before the answer is taken. @throws ImplausibleReply for one that makes no sense: the child is then not believed
   * any longer, and another one is asked
   */
  readonly check?: (header: unknown, bytes: Buffer) => void
  /** Pieces that the operation emits, in order; throws as `check` does. Of each attempt pieces of those before are void. */
  readonly onPart?: (header: unknown, bytes: Buffer, attempt: number) => void | Promise<void>
  /** What the operation asks within the job, and waits for: JSON. In order with its pieces; throws as `check` does. */
  readonly onAsk?: (header: unknown) => Promise<unknown>
}

export type JobOutcome =
  | {
      readonly done: true
      /** JSON from a process that parsed hostile bytes: check it before use. */
      readonly header: unknown
      readonly bytes: Buffer
      /** What the child printed, escaped and bounded. */
      readonly warnings: readonly string[]
    }
  | {
      readonly done: false
      readonly reason: ReasonCode
      readonly detail: Detail | null
      /** It said something that made no sense: nothing else that it said is believed. */
      readonly implausible: boolean
      readonly warnings: readonly string[]
    }
