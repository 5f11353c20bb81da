/** How a job ended in one child: with a reply, with a failure that it told of, or with the end of the process. */
import { printable } from '../base/printable.ts'
import type { ReasonCode } from '../base/reasons.ts'
import { BrokenFrame } from '../process/frame.ts'
import { CHILD_FAILURES, type Failed } from '../wire/session.ts'
import { ImplausibleReply } from './checked-reply.ts'

export interface ChildEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly printed: readonly string[]
}

export interface Failure {
  readonly reason: ReasonCode
  readonly detail: string
  /** It said something that made no sense. */
  readonly implausible?: boolean
}

/** By us: because the pool closes, or the main process can do no more with the answer. */
export const STOPPED: Failure = { reason: 'not-reached', detail: '' }

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

/** @throws BrokenFrame */
export function failureOf(header: unknown): Failure {
  const failed = header as Failed | null | undefined
  const reason = CHILD_FAILURES.find((known) => known === failed?.reason)
  if (!reason) throw new BrokenFrame('an unknown failure')
  return { reason, detail: printable(String(failed!.detail)) }
}

/** Something that a child said and that nobody could mean. @throws what is a fault of ours */
export function oddityOf(error: unknown): Failure {
  if (error instanceof ImplausibleReply) {
    const detail = `the answer made no sense: ${printable(error.message, 100)}`
    return { reason: 'decoder-crashed', detail, implausible: true }
  }
  if (!(error instanceof BrokenFrame)) throw error
  return { reason: 'decoder-crashed', detail: `the decoding process broke the protocol: ${error.message}` }
}

/** What a process that ended by itself inside a job died of. Allocators that give up say so on stderr before they abort. */
export function meaningOf(end: ChildEnd, peakDataBytes: number, dataBytes: number): Failure {
  const how = end.signal ? `signal ${end.signal}` : `exit code ${end.code}`
  const starved = end.printed.some((line) => MEMORY_WORDS.test(line)) || peakDataBytes > dataBytes * 0.9
  return starved
    ? { reason: 'out-of-memory', detail: `${how}, with ${dataBytes} bytes allowed` }
    : { reason: 'decoder-crashed', detail: how }
}

const MEMORY_WORDS =
  /out of memory|bad_alloc|failed to allocate|Cannot allocate memory|allocation failed|Committing semi space failed|ENOMEM/i
