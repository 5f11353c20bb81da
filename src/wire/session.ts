/** The frames that open a child, hand it a job, and bring its answer. */

import type { FrameLimits } from '../process/frame.ts'

/** First frame to a child. */
export interface Hello {
  readonly type: 'hello'
  readonly parentPid: number
  readonly ops: readonly string[]
  readonly config: Readonly<Record<string, unknown>>
  readonly limits: FrameLimits
  /** uid and gid to become, or null to stay who we are. */
  readonly becomeId: number | null
}

export interface JobFrame {
  readonly type: 'job'
  readonly op: string
  readonly header: unknown
  readonly sha256: string | null
  readonly hasFile: boolean
}

export type ChildFrame =
  | { readonly type: 'ready'; readonly rootDropped: boolean }
  | { readonly type: 'part' | 'done'; readonly header: unknown }
  | { readonly type: 'failed'; readonly reason: ChildFailure; readonly detail: string }

export type ChildFailure = 'digest-mismatch' | 'out-of-memory' | 'decode-failed'
