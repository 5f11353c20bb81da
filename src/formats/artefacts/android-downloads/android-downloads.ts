/**
 * Reads Android's list of downloads (`downloads.db`).
 *
 * @see plaso, sqlite plugin android_native_downloads (checked against its test data)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { millisecondTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

const isUrl = (value: unknown) => typeof value === 'string' && /^[a-z][a-z0-9+.-]{1,20}:/i.test(value)

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
