/** What main process and child say to each other about opening containers: targets inside one outer content, and their members. */

import type { Digests } from '../contracts/content.ts'
import type { DerivedStep, EntryKind, FileTime } from '../contracts/entry.ts'
import type { PrivilegedSenders } from '../contracts/privilege.ts'
import type { StageResult } from '../contracts/stage.ts'
export interface BudgetLimits {
  readonly entries: number
  readonly bytes: number
  /** Bytes out for each byte of the container. */
  readonly ratio: number
}

export interface OpenHeader {
  readonly mediaType: string
  /** `list`: members of each target. `bytes`: the content of each target. */
  readonly mode: 'list' | 'bytes'
  /** Evidence-path bytes after the outer file (latin1), in sorted order; '' is the outer content itself. */
  readonly targets: readonly string[]
  /** What each target may still unfold into, in the order of targets. */
  readonly budgets: readonly BudgetLimits[]
  /** Whose mail is not opened. */
  readonly privileged: PrivilegedSenders | null
  /** Larger contents are not held in memory (plan.limits.lookBytes). */
  readonly heldBytes: number
  /** What lies beside the outer content and belongs to it: its bytes stand behind those, in this order. */
  readonly beside?: readonly { readonly name: string; readonly bytes: number }[]
}

/** One piece of the answer. Everything in it comes from hostile bytes: the main process checks it. */
export type OpenPart =
  | {
      readonly type: 'member'
      readonly target: string
      readonly kind: DerivedStep
      readonly name: string
      readonly entryKind: EntryKind
      readonly sizeBytes: string
      readonly modified: {
        readonly ns: string
        readonly source: FileTime['source']
        readonly resolution: FileTime['resolution']
        readonly zone: FileTime['zone']
      } | null
      readonly linkTarget: string | null
      readonly read: StageResult
      readonly digests: Digests | null
      readonly mediaType: string | null
      readonly hasAppended: boolean
      /** It stood in a row that was deleted. */
      readonly isDeleted?: true
    }
  | {
      readonly type: 'opened'
      readonly target: string
      readonly result: StageResult
      readonly members: number
      /** Where in it an archive begins that was appended to it. */
      readonly appendedAt: number | null
    }
  | { readonly type: 'bytes'; readonly target: string }
