/** Messages of a decoder about the records in one content: rows in pieces, then the result. */
import * as v from 'valibot'
import { codedIn } from '../base/coded.ts'
import { printable } from '../base/printable.ts'
import { type DeviceRecord, RECORDS } from '../contracts/record.ts'
import { RECORD_TIMES } from '../contracts/record-time.ts'
import { COUNT, checked, hexOf, type Message } from './checks.ts'
import { ImplausibleReply } from './implausible.ts'
import { PRINTED_ATTRIBUTE, PRINTED_RESULT, printed } from './printed.ts'
import { MOST_TIMES, RECORD_TEXT, RECORDS_A_PART } from './records.ts'

/** JSON has no integer above 2^53: nanoseconds travel as text. */
const TIME = v.object({
  ns: v.pipe(v.string(), v.regex(/^-?\d{1,19}$/)),
  resolution: v.picklist(['ns', '100ns', 'us', 'ms', 's', 'day']),
  zone: v.picklist(['utc', 'offset', 'local-unknown']),
})

const WHAT = v.pipe(
  v.object({ code: v.unknown(), params: v.unknown() }),
  v.transform(({ code, params }): DeviceRecord['what'] => {
    const what = codedIn(RECORDS, code, params, (text) => printable(text, RECORD_TEXT))
    if (what === null) throw new ImplausibleReply('an unknown record')
    return what
  }),
)

const DIGESTS = v.object({
  md5: v.exactOptional(hexOf('md5')),
  sha1: v.exactOptional(hexOf('sha1')),
  sha256: v.exactOptional(hexOf('sha256')),
  ed2k: v.exactOptional(hexOf('md4')),
})

const MOST_PIECES = 16

const RECORD = v.object({
  what: WHAT,
  direction: v.nullable(v.picklist(['shared', 'sent', 'received'])),
  times: v.nullable(COUNT),
  when: v.nullable(TIME),
  whenKind: v.nullable(v.picklist(RECORD_TIMES)),
  moreTimes: v.pipe(
    v.array(v.object({ kind: v.picklist(RECORD_TIMES), when: TIME })),
    v.maxLength(MOST_TIMES),
  ),
  person: v.nullable(printed(RECORD_TEXT)),
  status: v.picklist(['live', 'deleted']),
  digests: DIGESTS,
  sizeBytes: v.nullable(COUNT),
  pieces: v.pipe(
    v.array(v.object({ offset: COUNT, length: COUNT, sha1: hexOf('sha1') })),
    v.maxLength(MOST_PIECES),
  ),
  piecesRoot: v.exactOptional(hexOf('sha256')),
})

const PART = v.object({ records: v.pipe(v.array(RECORD), v.maxLength(RECORDS_A_PART)) })

const MOST_FINDINGS = 100

const REPLY = v.object({
  result: PRINTED_RESULT,
  findings: v.pipe(v.array(PRINTED_ATTRIBUTE), v.maxLength(MOST_FINDINGS)),
})

export type WireTime = Message<typeof TIME>
export type WireRecord = Message<typeof RECORD>
export type RecordsPart = Message<typeof PART>
export type ReadRecordsReply = Message<typeof REPLY>

/** @throws ImplausibleReply */
export function recordsPart(header: unknown): RecordsPart {
  return checked(PART, header, 'records')
}

/** @throws ImplausibleReply */
export function recordsReply(header: unknown): ReadRecordsReply {
  return checked(REPLY, header, 'what became of records')
}
