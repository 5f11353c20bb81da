/** Messages that every decoder sends, whatever its operation: it is ready, or a job failed. */
import * as v from 'valibot'
import { checked, type Message } from './checks.ts'
import { PRINTED_DETAIL } from './printed.ts'
import { ATTEMPTS, type ProbeReply } from './probe.ts'

const CODE_OF_ERROR = v.pipe(v.string(), v.maxLength(200))

const READY = v.strictObject({
  rootDropped: v.boolean(),
  /** Result of each attempt: `done`, or the code of its error. */
  probed: v.nullable(
    v.custom<ProbeReply>(
      (probed) =>
        typeof probed === 'object' &&
        probed !== null &&
        Object.entries(probed).every(
          ([name, code]) => Object.hasOwn(ATTEMPTS, name) && v.is(CODE_OF_ERROR, code),
        ),
    ),
  ),
})

const FAILED = v.strictObject({
  reason: v.picklist(['digest-mismatch', 'out-of-memory', 'decode-failed']),
  detail: v.nullable(PRINTED_DETAIL),
})

export type Ready = Message<typeof READY>
export type Failed = Message<typeof FAILED>
export type ChildFailure = Failed['reason']

/** @throws ImplausibleReply */
export function readyReply(header: unknown): Ready {
  return checked(READY, header, 'that it is ready')
}

/** @throws ImplausibleReply */
export function failedReply(header: unknown): Failed {
  return checked(FAILED, header, 'a failure')
}
