/**
 * Reads pages of Safari (`History.db`), downloads of older Firefox (`downloads.sqlite`) and of Android
 * (`downloads.db`), and the download sources that macOS records (`QuarantineEventsV2`).
 *
 * @see plaso, sqlite plugins safari, firefox_downloads, android_native_downloads, ls_quarantine (checked against
 *   their test data)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodedFileUri } from '../../bytes/file-uri.ts'
import { cocoaTime, microsecondTime, millisecondTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

const isUrl = (value: unknown) => typeof value === 'string' && /^[a-z][a-z0-9+.-]{1,20}:/i.test(value)

/** One record for each visit; a visit synchronised from another device is marked `elsewhere`. */
export function readSafari(tables: Tables, sink: RecordCollector): boolean {
  const visits = tables.get('history_visits')
  const items = tables.get('history_items')
  if (!visits?.columns.includes('visit_time') || !items?.columns.includes('url')) return false
  const urls = new Map<unknown, string>()
  for (const row of tables.rowsOf(items, (get) => isUrl(get('url')), ['url'])) {
    const url = textOf(row, 'url')
    if (url === undefined) continue
    if (row.status === 'live') urls.set(column(row, 'id'), url)
    else
      sink.add({
        what: {
          code: 'page-visited',
          params: definedOnly({ program: 'safari', url, times: wholeOf(row, 'visit_count') }),
        },
        status: row.status,
      })
  }
  for (const row of tables.rowsOf(visits)) {
    const url = urls.get(column(row, 'history_item'))
    if (url === undefined) continue
    sink.add({
      what: {
        code: 'page-visited',
        params: definedOnly({
          program: 'safari',
          url,
          title: textOf(row, 'title'),
          elsewhere: column(row, 'origin') === 1 ? true : undefined,
        }),
      },
      when: cocoaTime(column(row, 'visit_time')),
      status: row.status,
    })
  }
  const removed = tables.get('history_tombstones')
  if (removed)
    for (const row of tables.rowsOf(removed)) {
      const url = textOf(row, 'url')
      sink.add({
        what: { code: 'history-removed', params: definedOnly({ program: 'safari', url }) },
        when: cocoaTime(column(row, 'end_time')),
      })
    }
  return true
}

export function readQuarantine(tables: Tables, sink: RecordCollector): boolean {
  const events = tables.get('lsquarantineevent')
  if (!events?.columns.includes('lsquarantinedataurlstring')) return false
  const isEvent = (get: (name: string) => unknown) => cocoaTime(get('lsquarantinetimestamp')) !== null
  for (const row of tables.rowsOf(events, isEvent, ['lsquarantineeventidentifier']))
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'macos-quarantine',
          app: textOf(row, 'lsquarantineagentname') ?? textOf(row, 'lsquarantineagentbundleidentifier'),
          url: textOf(row, 'lsquarantinedataurlstring'),
          referrer: textOf(row, 'lsquarantineoriginurlstring'),
        }),
      },
      direction: 'received',
      person: textOf(row, 'lsquarantinesenderaddress') ?? textOf(row, 'lsquarantinesendername') ?? null,
      when: cocoaTime(column(row, 'lsquarantinetimestamp')),
      status: row.status,
    })
  return true
}

const FIREFOX_STATES: readonly string[] = ['in-progress', 'complete', 'failed', 'cancelled', 'paused']

export function readFirefoxDownloads(tables: Tables, sink: RecordCollector): boolean {
  const downloads = tables.get('moz_downloads')
  if (!downloads?.columns.includes('target')) return false
  const isOne = (get: (name: string) => unknown) =>
    microsecondTime(get('starttime')) !== null && typeof get('source') === 'string'
  for (const row of tables.rowsOf(downloads, isOne, ['starttime', 'source'])) {
    const state = wholeOf(row, 'state')
    const target = textOf(row, 'target')
    const sizeBytes = wholeOf(row, 'maxbytes')
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'firefox',
          path: target === undefined ? undefined : decodedFileUri(target),
          url: textOf(row, 'source'),
          referrer: textOf(row, 'referrer'),
          mediaType: textOf(row, 'mimetype'),
          sizeBytes,
          state: state === undefined ? undefined : (FIREFOX_STATES[state] ?? String(state)),
        }),
      },
      direction: state === 1 ? 'received' : null,
      ...timesOfRecord(
        ['completed', microsecondTime(column(row, 'endtime'))],
        ['begun', microsecondTime(column(row, 'starttime'))],
      ),
      status: row.status,
      sizeBytes: sizeBytes ?? null,
    })
  }
  return true
}

/** Downloads.Impl.STATUS_SUCCESS. */
const ANDROID_DONE = 200

export function readAndroidDownloads(tables: Tables, sink: RecordCollector): boolean {
  const downloads = tables.get('downloads')
  if (!downloads?.columns.includes('notificationpackage') || !downloads.columns.includes('uri')) return false
  const isOne = (get: (name: string) => unknown) =>
    isUrl(get('uri')) && millisecondTime(get('lastmod')) !== null
  for (const row of tables.rowsOf(downloads, isOne, ['uri', 'lastmod'])) {
    const state = wholeOf(row, 'status')
    const sizeBytes = wholeOf(row, 'total_bytes')
    sink.add({
      what: {
        code: 'download',
        params: definedOnly({
          program: 'android',
          app: textOf(row, 'notificationpackage'),
          path: textOf(row, '_data'),
          url: textOf(row, 'uri'),
          referrer: textOf(row, 'referer'),
          mediaType: textOf(row, 'mimetype'),
          sizeBytes,
          state: state === ANDROID_DONE ? 'complete' : state === undefined ? undefined : String(state),
          removed: flagOf(row, 'deleted'),
        }),
      },
      direction: state === ANDROID_DONE ? 'received' : null,
      when: millisecondTime(column(row, 'lastmod')),
      status: row.status,
      sizeBytes: sizeBytes ?? null,
    })
  }
  return true
}
