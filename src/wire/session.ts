/** The frames that open a child, hand it a job, and bring its answer: their types, and the header of each. */

import type { FrameLimits } from '../process/frame.ts'
import type { PassedContent } from './passed-content.ts'
import type { ProbeHeader } from './probe.ts'

export const SESSION = {
  /** main → child, first: {@link Hello}, job 0. */
  hello: 1,
  /** main → child: {@link JobHeader} and the bytes. */
  job: 2,
  /** main → child, within a job: what it is answered to `ask`, as the operation words it. */
  answer: 3,
  /** child → main, first: {@link Ready}, job 0. */
  ready: 16,
  /** child → main: a piece of the answer, as the operation words it. */
  part: 17,
  /** child → main, last of a job: the answer of the operation. */
  done: 18,
  /** child → main, last of a job: {@link Failed}. */
  failed: 19,
  /** child → main: a question of the operation; the child waits for `answer`. */
  ask: 20,
} as const

/** Where the descriptors begin that a child is lent for a job. */
export const PASSED_FD = 4

/** Where a child that is lent nothing has the pipe that contents are handed to it over. */
export const FEED_FD = 4

export interface Hello {
  readonly parentPid: number
  readonly ops: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  /** Of what it will be sent, and handed. */
  readonly limits: FrameLimits
  /** uid and gid to become, or null to stay who we are. */
  readonly becomeId: number | null
  /** What to try before the first job; null: nothing. */
  readonly probe: ProbeHeader | null
}

export interface JobHeader {
  readonly op: string
  readonly header: unknown
  readonly sha256: string | null
  /** Null for a job with bytes. */
  readonly lent: PassedContent | null
  /** Bytes that come over its pipe in place of a payload; null: none do. */
  readonly handedBytes: number | null
}
