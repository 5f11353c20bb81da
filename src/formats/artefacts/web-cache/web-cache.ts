/**
 * Reads pages, downloads and cache of Internet Explorer 10 and later, Edge before Chromium, and programs based on
 * them (`WebCacheV01.dat`). A table lists the containers and their purposes; each container is a table of entries.
 *
 * @see plaso, esedb_plugins/msie_webcache.py; libesedb
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { attribute } from '../../../contracts/attribute.ts'
import { fileTime } from '../../bytes/times.ts'
import { type ArtefactReader, type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { EseFile, type EseTable } from '../../stores/ese-file.ts'
import type { EseRow } from '../../stores/ese-row.ts'

const PROGRAM = 'windows-webcache'

type Longs = (id: Buffer) => Buffer | null
type Take = (row: EseRow, longs: Longs, sink: RecordCollector) => void

export const webCache: ArtefactReader = {
  id: 'web-cache',
  mediaTypes: ['application/x-ms-ese-database'],
  read(bytes, sink) {
    const file = new EseFile(bytes)
    const containers = file.tables.get('Containers')
    const isCache = containers?.columns.has('ContainerId') && containers.columns.has('Name')
    const read = containers && isCache ? readContainers(file, containers, sink) : 0
    const { damaged, firstDamagedAt, isClean } = file.pages
    if (damaged > 0) sink.spoiled(firstDamagedAt!, damaged)
    sink.leave(file.left)
    sink.isLogUnread = !isClean
    const tables = [...file.tables.keys()].filter((name) => !name.startsWith('MSys')).length
    sink.isNotBuilt = !isCache && tables > 0
    return [
      isCache
        ? attribute('tables-not-read', { tables: tables - read })
        : attribute('database-unknown', { tables }),
      ...(isClean ? [] : [attribute('database-not-closed', {})]),
    ]
  },
}

/** @returns count of tables that were read */
function readContainers(file: EseFile, containers: EseTable, sink: RecordCollector): number {
  const longsOf =
    (table: EseTable): Longs =>
    (id) =>
      file.longValue(table, id)
  // Each table is read once, even when a damaged list contains it several times.
  const known = new Map<EseTable, Take>()
  for (const row of file.rowsOf(containers)) {
    const id = row.long('ContainerId')
    const take = takeOf(row.text('Name', longsOf(containers)) ?? '')
    const table = id === null ? undefined : file.tables.get(`Container_${id}`)
    if (take !== null && table !== undefined && !row.isDeleted) known.set(table, take)
  }
  for (const [table, take] of known) for (const row of file.rowsOf(table)) take(row, longsOf(table), sink)
  return known.size + 1
}

function takeOf(name: string): Take | null {
  if (/^(History|MSHist\d+)$/i.test(name)) return addPage
  if (/^Content$/i.test(name)) return addCached
  return /^iedownload$/i.test(name) ? addDownload : null
}

/** `Visited: account@address`; in daily and weekly tables `:2012020320120204: account@address`. */
const VISITED = /^(?:Visited|:\d{16}): ([^@]{0,255})@(.+)$/s

function addPage(row: EseRow, longs: Longs, sink: RecordCollector): void {
  const [, account, url] = VISITED.exec(row.text('Url', longs) ?? '') ?? []
  if (url === undefined) {
    sink.spoiled(row.at)
    return
  }
  const times = row.number('AccessCount')
  sink.add({
    what: {
      code: 'page-visited',
      params: { program: PROGRAM, url, ...(times === null || times === 0 ? {} : { times }) },
    },
    person: account || null,
    ...common(row),
  })
}

function addCached(row: EseRow, longs: Longs, sink: RecordCollector): void {
  const path = row.text('Filename', longs) ?? ''
  const url = row.text('Url', longs)
  // An entry without a file, for example a redirection.
  if (path === '') return
  if (url === null) {
    sink.spoiled(row.at)
    return
  }
  const size = Number(row.long('FileSize') ?? -1n)
  if (!Number.isSafeInteger(size) || size < 0) {
    sink.spoiled(row.at)
    return
  }
  sink.add({
    what: { code: 'cached', params: { program: PROGRAM, path, url, sizeBytes: size } },
    ...common(row),
    ...timesOf(row),
    sizeBytes: size,
  })
}

/** URL and saved path are in UTF-16 at the end of the field that otherwise contains response headers. */
function addDownload(row: EseRow, longs: Longs, sink: RecordCollector): void {
  const headers = row.bytes('ResponseHeaders', longs)
  if (headers === null) {
    sink.spoiled(row.at)
    return
  }
  const texts = wideTexts(headers)
  const path = texts.findLast((text) => /^([A-Za-z]:\\|\\\\)/.test(text))
  const urls = texts.filter((text) => /^[a-z][a-z0-9+.-]{1,20}:\/\//i.test(text))
  if (path === undefined && urls.length === 0) {
    sink.spoiled(row.at)
    return
  }
  sink.add({
    what: {
      code: 'download',
      params: definedOnly({ program: PROGRAM, path, url: urls.at(-1), referrer: urls.at(-2) }),
    },
    ...common(row),
    ...timesOf(row),
  })
}

function common(row: EseRow) {
  return {
    when: fileTime(row.long('AccessedTime') ?? 0n),
    status: row.isDeleted ? ('deleted' as const) : ('live' as const),
  }
}

/** Not of pages: in daily and weekly tables the other times are local. */
function timesOf(row: EseRow) {
  return timesOfRecord(
    ['accessed', fileTime(row.long('AccessedTime') ?? 0n)],
    ['created', fileTime(row.long('CreationTime') ?? 0n)],
    ['modified', fileTime(row.long('ModifiedTime') ?? 0n)],
  )
}

const LEAST_CHARACTERS = 4

/** Texts that end with a zero. Their start is not marked, because numbers before them contain zeros too. */
function wideTexts(bytes: Buffer): string[] {
  return bytes
    .toString('utf16le', 0, bytes.length & ~1)
    .split('\0')
    .map((text) => /[\x20-\uD7FF]+$/u.exec(text)?.[0] ?? '')
    .filter((text) => text.length >= LEAST_CHARACTERS)
}
