/** Messages about opening containers: targets inside one top-level content, and their members. */

import type { Secret } from '../contracts/lock.ts'
import type { PrivilegedSenders } from '../contracts/privilege.ts'
/**
 * The ratio limit applies only above this size: an ordinary text of 10 MiB of blanks compresses by a factor of a
 * thousand.
 */
export const RATIO_FREE_BYTES = 64 * 1024 * 1024

export interface BudgetLimits {
  readonly entries: number
  readonly bytes: number
  /** Bytes out for each byte of the container. */
  readonly ratio: number
}

export interface OpenHeader {
  readonly mediaType: string
  /** `list`: members of each target. `bytes`: the content of each target. `pieces`: the content of one, of any size. */
  readonly mode: 'list' | 'bytes' | 'pieces'
  /** Evidence-path bytes after the outer file (latin1), in sorted order; '' is the outer content itself. */
  readonly targets: readonly string[]
  /** Remaining budget of each target, in the order of targets. */
  readonly budgets: readonly BudgetLimits[]
  /** Senders whose mail is not opened. */
  readonly privileged: PrivilegedSenders | null
  /** Contents above this size in bytes are not kept in memory (plan.limits.lookBytes). */
  readonly heldBytes: number
  /** Secrets for locked files among the targets and on the way to them; absent: none. */
  readonly secrets?: readonly Secret[]
  /** Companion files of the top-level content; their bytes follow its own, in this order. */
  readonly beside?: readonly { readonly name: string; readonly bytes: number }[]
  /** Companion files of containers inside: the container, the name that it asks for, and where the file lies. */
  readonly inside?: readonly { readonly of: string; readonly name: string; readonly at: string }[]
}
