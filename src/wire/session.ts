/** The frames that open a child, hand it a job, and bring its answer: their types, and the header of each. */

import type { FrameLimits } from '../process/frame.ts'
import type { PassedContent } from './passed-content.ts'
import type { ProbeHeader } from './probe.ts'

export const SESSION = {
  /** main → child, first: {@link Hello}, job 0. */
  hello: 1,
  /** main → child: {@link JobHeader} and the bytes. */
  job: 2,
  /** child → main, first: {@link Ready}, job 0. */
  ready: 16,
  /** child → main: a piece of the answer, in the form that the operation defines. */
  part: 17,
  /** child → main, last of a job: the answer of the operation. */
  done: 18,
  /** child → main, last of a job: {@link Failed}. */
  failed: 19,
} as const

/** Number of the first descriptor that a child inherits for a job. */
export const PASSED_FD = 4

/** Descriptor of the pipe through which a child without inherited files receives contents. */
export const FEED_FD = 4

export interface Hello {
  readonly parentPid: number
  readonly ops: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  /** Limits of messages and contents that the child will receive. */
  readonly limits: FrameLimits
  /** uid and gid to change to; null: keep the account. */
  readonly becomeId: number | null
  /** What it inherits for its one job; null: every content comes as bytes. */
  readonly inherits: PassedContent['kind'] | null
  /** Attempts to make before the first job; null: none. */
  readonly probe: ProbeHeader | null
}

export interface JobHeader {
  readonly op: string
  readonly header: unknown
  readonly sha256: string | null
  /** Null for a job with bytes. */
  readonly lent: PassedContent | null
  /** Bytes that come through the pipe in place of a payload; null: none. */
  readonly handedBytes: number | null
}
