/** How a job ended in one child: with a reply, with a failure that it told of, or with the end of the process. */
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
  /** It said something that made no sense. */
  readonly implausible?: boolean
}

/** By us: because the pool closes, or the main process can do no more with the answer. */
export const STOPPED: Failure = { reason: 'not-reached', detail: null }

/** What was to be handed to it is not what was hashed, or did not come: the child is not to blame. */
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

/** Something that a child said and that nobody could mean. @throws what is a fault of ours */
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

/** What a process that ended by itself inside a job died of. Allocators that give up say so on stderr before they abort. */
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

const MEMORY_WORDS =
  /out of memory|bad_alloc|failed to allocate|Cannot allocate memory|allocation failed|Committing semi space failed|ENOMEM/i
