/**
 * What the main process asks of the `records` operation, and the check on what comes back: a child has parsed hostile bytes,
 * so every code, number, text and digest is bounded and rebuilt here before it is compared with a list.
 */
import { codedIn } from '../../base/coded.ts'
import { printable } from '../../base/printable.ts'
import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { FileTime } from '../../contracts/entry.ts'
import type { Examination } from '../../contracts/finding.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import { type DeviceRecord, RECORD_DIGESTS, RECORDS, type RecordDigests } from '../../contracts/record.ts'
import { RECORD_TIMES } from '../../contracts/record-time.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { NOTHING } from '../../process/frame.ts'
import { type CompanionFiles, NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { isLent, type Lent } from '../../wire/passed-content.ts'
import {
  MODEL_HEAD_BYTES,
  MOST_RECORDS,
  MOST_TIMES,
  RECORD_TEXT,
  RECORDS_A_PART,
  type ReadRecordsHeader,
  type ReadRecordsReply,
  type RecordsPart,
  type WireRecord,
  type WireTime,
} from '../../wire/records.ts'
import {
  checkedAttribute,
  checkedInteger,
  checkedResult,
  checkedText,
  ImplausibleReply,
  oneOf,
  plausible,
} from './checked-reply.ts'
import { isHanded } from './feeder.ts'
import type { ReplyLimits } from './job.ts'
import { type JobPool, resultOfEnd } from './job-pool.ts'
import type { LookSource } from './look-request.ts'
import { hasLogs, withCompanionFiles } from './with-companion-files.ts'

export interface RecordsRead {
  readonly examination: Examination
  readonly records: readonly DeviceRecord[]
}

/** Rejects only when children cannot start or the pool was closed. */
export async function readRecordsOf(
  pool: JobPool,
  content: Content,
  source: LookSource,
  limits: Limits,
  logs: CompanionFiles = NO_COMPANION_FILES,
  privileged: PrivilegedSenders | null = null,
): Promise<RecordsRead> {
  if (hasLogs(logs) && isHanded(source)) {
    const read = await source.bytes()
    return 'bytes' in read
      ? readRecordsOf(pool, content, read.bytes, limits, logs, privileged)
      : nothing(read)
  }
  const joined = isLent(source) ? lentAlone(source) : withCompanionFiles(content, source, logs)
  const header: ReadRecordsHeader = {
    mediaType: content.mediaType,
    mostRecords: MOST_RECORDS,
    ...joined.sizes,
    privileged,
  }
  let records: DeviceRecord[] = []
  let attempt = 1
  const outcome = await pool.run({
    op: 'records',
    header,
    ...joined.given,
    cpuMs: limits.decodeCpuMs + joined.sizeBytes * CPU_MS_PER_BYTE,
    reply: REPLY,
    check: checkedReply,
    onPart: (part, _bytes, current) => {
      if (current !== attempt) records = []
      attempt = current
      const more = plausible(() => (part as RecordsPart).records.map(checkedRecord))
      if (records.length + more.length > MOST_RECORDS) throw new ImplausibleReply('too many records')
      for (const one of more) records.push(one)
    },
  })
  if (!outcome.done) return nothing(resultOfEnd(outcome))
  const { result, findings } = checkedReply(outcome.header)
  return { examination: { stage: 'records-read', result, findings, preview: null }, records }
}

/** What says all in its head is read where it lies; the caller answers for the file being the one that was hashed. */
function lentAlone(lent: Lent) {
  const given = { bytes: NOTHING, lent, sha256: null }
  return { sizes: { logBytes: 0, journalBytes: 0 }, sizeBytes: MODEL_HEAD_BYTES, given }
}

function nothing(result: StageResult): RecordsRead {
  return { examination: { stage: 'records-read', result, findings: [], preview: null }, records: [] }
}

const CPU_MS_PER_BYTE = 2 / 1000
const RECORD_BYTES = 16 * 1024
const REPLY: ReplyLimits = {
  headerBytes: RECORDS_A_PART * RECORD_BYTES,
  payloadBytes: 0,
  totalBytes: MOST_RECORDS * 2048,
}

const MOST_FINDINGS = 100

/** @throws ImplausibleReply */
function checkedReply(header: unknown): ReadRecordsReply {
  const { result, findings } = header as ReadRecordsReply
  if (findings.length > MOST_FINDINGS) throw new ImplausibleReply('too many findings')
  return { result: checkedResult(result), findings: findings.map(checkedAttribute) }
}

/** @throws ImplausibleReply */
export function checkedRecord(record: WireRecord): DeviceRecord {
  const what = codedIn(RECORDS, record.what.code, record.what.params, (text) => printable(text, RECORD_TEXT))
  if (what === null) throw new ImplausibleReply('an unknown record')
  const number = (value: number | null) =>
    value === null ? null : checkedInteger(value, Number.MAX_SAFE_INTEGER)
  return {
    what,
    direction:
      record.direction === null ? null : oneOf(['shared', 'sent', 'received'] as const, record.direction),
    times: number(record.times),
    when: record.when === null ? null : checkedTime(record.when),
    whenKind: record.whenKind === null ? null : oneOf(RECORD_TIMES, record.whenKind),
    moreTimes: checkedTimes(record.moreTimes),
    person: record.person === null ? null : checkedText(record.person, RECORD_TEXT),
    status: oneOf(['live', 'deleted'] as const, record.status),
    digests: checkedDigests(record.digests),
    sizeBytes: number(record.sizeBytes),
    pieces: checkedPieces(record.pieces),
    ...(record.piecesRoot === undefined
      ? {}
      : { piecesRoot: checkedDigests({ sha256: record.piecesRoot }).sha256! }),
  }
}

const MOST_PIECES = 16

function checkedPieces(pieces: WireRecord['pieces']): DeviceRecord['pieces'] {
  if (pieces.length > MOST_PIECES) throw new ImplausibleReply('too many pieces')
  return pieces.map(({ offset, length, sha1 }) => ({
    offset: checkedInteger(offset, Number.MAX_SAFE_INTEGER),
    length: checkedInteger(length, Number.MAX_SAFE_INTEGER),
    sha1: checkedDigests({ sha1 }).sha1!,
  }))
}

function checkedTimes(times: WireRecord['moreTimes']): DeviceRecord['moreTimes'] {
  if (times.length > MOST_TIMES) throw new ImplausibleReply('too many times of one record')
  return times.map(({ kind, when }) => ({ kind: oneOf(RECORD_TIMES, kind), when: checkedTime(when) }))
}

function checkedTime({ ns, resolution, zone }: WireTime): FileTime {
  if (typeof ns !== 'string' || !/^-?\d{1,19}$/.test(ns))
    throw new ImplausibleReply('a time that is no number')
  return {
    ns: BigInt.asIntN(64, BigInt(ns)),
    source: 'document',
    resolution: oneOf(['ns', '100ns', 'us', 'ms', 's', 'day'] as const, resolution),
    zone: oneOf(['utc', 'offset', 'local-unknown'] as const, zone),
  }
}

function checkedDigests(digests: RecordDigests): RecordDigests {
  const checked: Record<string, string> = {}
  for (const [algorithm, length] of Object.entries(RECORD_DIGESTS)) {
    const value = digests[algorithm as keyof RecordDigests]
    if (value === undefined) continue
    if (typeof value !== 'string' || value.length !== length || !/^[0-9a-f]+$/.test(value))
      throw new ImplausibleReply('a digest of the wrong form')
    checked[algorithm] = value
  }
  return checked
}
