/**
 * Requests of the main process for the `records` operation, and the check of the answers. A child has parsed
 * hostile bytes: every code, number, text and digest is bounded and rebuilt here before it is compared with a
 * list.
 */
import type { Limits } from '../../contracts/case.ts'
import type { Content } from '../../contracts/content.ts'
import type { FileTime } from '../../contracts/entry.ts'
import type { Examination } from '../../contracts/finding.ts'
import type { PrivilegedSenders } from '../../contracts/privilege.ts'
import type { DeviceRecord } from '../../contracts/record.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { NOTHING } from '../../process/frame.ts'
import { type CompanionFiles, NO_COMPANION_FILES } from '../../wire/companion-files.ts'
import { ImplausibleReply } from '../../wire/implausible.ts'
import { isLent, type Lent } from '../../wire/passed-content.ts'
import { MODEL_HEAD_BYTES, MOST_RECORDS, RECORDS_A_PART, type ReadRecordsHeader } from '../../wire/records.ts'
import { recordsPart, recordsReply, type WireRecord, type WireTime } from '../../wire/records-reply.ts'
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
    check: recordsReply,
    onPart: (part, _bytes, current) => {
      if (current !== attempt) records = []
      attempt = current
      const more = recordsPart(part).records.map(recordOf)
      if (records.length + more.length > MOST_RECORDS) throw new ImplausibleReply('too many records')
      for (const one of more) records.push(one)
    },
  })
  if (!outcome.done) return nothing(resultOfEnd(outcome))
  const { result, findings } = recordsReply(outcome.header)
  return { examination: { stage: 'records-read', result, findings, preview: null }, records }
}

/**
 * A content whose head has all facts (a model file) is read in place. The caller guarantees that the file is
 * the one that was hashed.
 */
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

export function recordOf({ when, moreTimes, ...record }: WireRecord): DeviceRecord {
  return {
    ...record,
    when: when && timeOf(when),
    moreTimes: moreTimes.map(({ kind, when }) => ({ kind, when: timeOf(when) })),
  }
}

function timeOf({ ns, resolution, zone }: WireTime): FileTime {
  return { ns: BigInt.asIntN(64, BigInt(ns)), source: 'document', resolution, zone }
}
