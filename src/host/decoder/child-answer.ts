/**
 * How a job ended in one child: with a reply, with a failure that the child reported, or with the end of the
 * process.
 */
import { printable } from '../../base/printable.ts'
import type { Detail } from '../../contracts/detail.ts'
import type { ReasonCode } from '../../contracts/reason.ts'
import { BrokenFrame } from '../../process/frame.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'

export interface ChildEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly printed: readonly string[]
}

export interface Failure {
  readonly reason: ReasonCode
  readonly detail: Detail | null
  /** The child sent a message that cannot be true. */
  readonly implausible?: boolean
}

/** Ended by the main process: the pool closes, or the main process no longer needs the answer. */
export const STOPPED: Failure = { reason: 'not-reached', detail: null }

/**
 * The content passed to the child did not arrive, or its digest is not the one in the ledger. The child did
 * nothing wrong.
 */
export const NOT_HANDED: Failure = { reason: 'digest-mismatch', detail: null }

export type ChildAnswer =
  | {
      readonly kind: 'reply'
      readonly header: unknown
      readonly bytes: Buffer
      readonly warnings: readonly string[]
    }
  | ({ readonly kind: 'failed'; readonly warnings: readonly string[] } & Failure)
  /** Not the child's doing: `onPart` threw. */
  | { readonly kind: 'threw'; readonly error: unknown }

/**
 * Turns an implausible or broken message of a child into a failure. @throws the error itself where it is a bug
 * of the program
 */
export function oddityOf(error: unknown): Failure {
  if (error instanceof ImplausibleReply) {
    const text = printable(error.message, 100)
    const detail = { code: 'answer-senseless', params: { text } } as const
    return { reason: 'decoder-crashed', detail, implausible: true }
  }
  if (!(error instanceof BrokenFrame)) throw error
  return {
    reason: 'decoder-crashed',
    detail: { code: 'protocol-broken', params: { text: error.message } },
  }
}

/** Why a process ended inside a job. Allocators that fail print a message on stderr before they abort. */
export function meaningOf(end: ChildEnd, peakDataBytes: number, dataBytes: number): Failure {
  const starved = end.printed.some((line) => MEMORY_WORDS.test(line)) || peakDataBytes > dataBytes * 0.9
  const allowed = starved ? { allowedBytes: dataBytes } : {}
  return {
    reason: starved ? 'out-of-memory' : 'decoder-crashed',
    detail: end.signal
      ? { code: 'ended-by-signal', params: { signal: end.signal, ...allowed } }
      : { code: 'ended-with-code', params: { status: end.code ?? 0, ...allowed } },
  }
}

/**
 * @param attempt 1 and 2, or 3 and 4 where the content was brought here; the second of each in a child of its own
 * @returns number of the next attempt, null: it was tried enough
 */
export function nextAttempt({ reason, detail }: Failure, attempt: number, wasFirst: boolean): number | null {
  const isFirst = attempt % 2 === 1
  if (reason === 'out-of-memory') return isFirst && !wasFirst ? attempt + 1 : null
  if (reason !== 'decoder-crashed') return null
  if (isFirst) return attempt + 1
  // Nearly always something else on the machine ended both: once more, as number 6 or 8.
  const isKilled = detail?.code === 'ended-by-signal' && detail.params.signal === 'SIGKILL'
  return isKilled && attempt <= 4 ? attempt + 4 : null
}

const MEMORY_WORDS =
  /out of memory|bad_alloc|failed to allocate|Cannot allocate memory|allocation failed|Committing semi space failed|ENOMEM/i
