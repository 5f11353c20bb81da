/** Reads the records of one content in a child process, and sends them to the main process in parts. */
import { attribute } from '../../contracts/attribute.ts'
import { notDone, type StageResult, withWarnings } from '../../contracts/stage.ts'
import { RECORDS_A_PART, type ReadRecordsHeader } from '../../wire/records.ts'
import type { ReadRecordsReply, RecordsPart, WireRecord } from '../../wire/records-reply.ts'
import { ArtefactNotBuilt, NotAnArtefact, RecordCollector } from '../records/artefact.ts'
import { parted } from '../sqlite/companion-files.ts'
import { NotSqlite } from '../sqlite/sqlite-file.ts'
import { artefactReaderFor } from './index.ts'

export function readRecords(
  { mediaType, mostRecords, privileged = null, ...sizes }: ReadRecordsHeader,
  joined: Buffer,
  emit: (part: RecordsPart) => void,
): ReadRecordsReply {
  const reader = artefactReaderFor(mediaType)
  const { bytes, logs } = parted(joined, sizes)
  if (reader === null) return { result: notDone('not-built'), findings: [] }
  let part: WireRecord[] = []
  const flush = () => {
    if (part.length > 0) emit({ records: part })
    part = []
  }
  const sink = new RecordCollector(
    mostRecords,
    (record) => {
      part.push(record)
      if (part.length === RECORDS_A_PART) flush()
    },
    privileged,
  )
  try {
    const findings = reader.read(bytes, sink, logs)
    flush()
    return { result: resultOf(sink), findings: [...findings, ...counts(sink)] }
  } catch (error) {
    if (error instanceof ArtefactNotBuilt) return { result: notDone('not-built'), findings: [] }
    if (error instanceof NotAnArtefact || error instanceof NotSqlite)
      return { result: notDone('decode-failed', { code: 'no-record', params: {} }), findings: [] }
    throw error
  }
}

function resultOf({
  damaged,
  damagedAt,
  left,
  closed,
  isNotBuilt,
  isEncrypted,
  isLogUnread,
  isHiveNotWhole,
  leftBytes,
  isSearchCut,
}: RecordCollector): StageResult {
  if (isEncrypted) return notDone('encrypted')
  if (isNotBuilt) return notDone('not-built')
  if (damaged > 0)
    return withWarnings('partly-examined', {
      code: 'device-records-damaged',
      params: { records: damaged, offset: damagedAt! },
    })
  if (closed > 0)
    return withWarnings('partly-examined', { code: 'records-privileged', params: { records: closed } })
  if (isHiveNotWhole) return withWarnings('partly-examined', { code: 'hive-not-whole', params: {} })
  if (isLogUnread) return withWarnings('partly-examined', { code: 'log-not-read', params: {} })
  if (left > 0)
    return withWarnings('partly-examined', { code: 'device-records-left', params: { records: left } })
  if (leftBytes > 0)
    return withWarnings('partly-examined', { code: 'device-bytes-left', params: { bytes: leftBytes } })
  if (isSearchCut) return withWarnings('partly-examined', { code: 'deleted-rows-left', params: {} })
  return { result: 'done' }
}

function counts({ taken, closed }: RecordCollector) {
  return [
    ...(taken === 0 ? [] : [attribute('device-records', { records: taken })]),
    ...(closed === 0 ? [] : [attribute('records-privileged', { records: closed })]),
  ]
}
