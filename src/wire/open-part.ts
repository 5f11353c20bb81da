/** One piece of a decoder's message about a container: a member, the end of a target, or an announcement of bytes. */
import * as v from 'valibot'
import { CLOSED_FORMATS, LOCK_CHECKS } from '../contracts/file-lock.ts'
import { BYTES, COUNT, checked, type Message } from './checks.ts'
import { ENTRY_KIND } from './entry.ts'
import { MOST_SECRETS, SECRET_NUMBER } from './lock.ts'
import { DIGESTS, PRINTED_RESULT } from './printed.ts'

const MOST_NAME_BYTES = 65_535
const NAME = v.pipe(BYTES, v.maxLength(MOST_NAME_BYTES))

const TIME = v.object({
  // A nonsensical time is written as 1970; it does not invalidate the container.
  ns: v.pipe(
    v.string(),
    v.transform((ns) => (/^-?\d{1,20}$/.test(ns) ? ns : '0')),
  ),
  source: v.picklist(['archive', 'mail', 'document']),
  resolution: v.picklist(['ns', '100ns', 'us', 'ms', '10ms', 's', '2s', 'day']),
  zone: v.picklist(['utc', 'offset', 'local-unknown']),
})

const MEMBER = v.object({
  type: v.literal('member'),
  target: v.string(),
  kind: v.picklist(['member', 'attachment', 'embedded', 'thumbnail']),
  name: NAME,
  entryKind: ENTRY_KIND,
  sizeBytes: v.pipe(v.string(), v.regex(/^\d{1,18}$/)),
  modified: v.nullable(TIME),
  linkTarget: v.nullable(
    v.pipe(
      v.string(),
      v.transform((target) => target.slice(0, MOST_NAME_BYTES)),
    ),
  ),
  read: PRINTED_RESULT,
  digests: v.nullable(DIGESTS),
  mediaType: v.nullable(v.string()),
  hasAppended: v.exactOptional(v.boolean(), false),
  /** It stood in a row that was deleted. */
  isDeleted: v.exactOptional(v.literal(true)),
})

const OPENED = v.object({
  type: v.literal('opened'),
  target: v.string(),
  result: PRINTED_RESULT,
  members: COUNT,
  /** Offset in the target at which an appended archive begins. */
  appendedAt: v.exactOptional(v.nullable(COUNT), null),
  /** Secrets that were tried on the target. */
  lock: v.exactOptional(
    v.nullable(
      v.strictObject({
        secret: v.nullable(SECRET_NUMBER),
        check: v.picklist(LOCK_CHECKS),
        tried: v.pipe(v.array(SECRET_NUMBER), v.maxLength(MOST_SECRETS)),
        isLeft: v.boolean(),
        form: v.nullable(v.picklist(CLOSED_FORMATS)),
      }),
    ),
    null,
  ),
})

const PART = v.variant('type', [
  MEMBER,
  OPENED,
  v.object({ type: v.literal('bytes'), target: v.string() }),
  v.object({ type: v.literal('piece'), target: v.string() }),
  /** The last piece of the content was sent before this. */
  v.object({ type: v.literal('whole'), target: v.string() }),
])

export type MemberPart = Message<typeof MEMBER>
export type OpenedPart = Message<typeof OPENED>
/** All of it comes from hostile bytes. */
export type OpenPart = Message<typeof PART>

/** @throws ImplausibleReply */
export function openPart(header: unknown): OpenPart {
  return checked(PART, header, 'a piece of a container')
}

/** A container on the way to the content stays closed: no secret that was sent opens it. */
export function isClosed(part: OpenPart): boolean {
  return part.type === 'opened' && part.result.result === 'not-done' && part.result.reason === 'encrypted'
}
