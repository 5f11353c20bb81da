/**
 * Reads downloads of older Firefox (`downloads.sqlite`).
 *
 * @see plaso, sqlite plugin firefox_downloads (checked against its test data)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { decodedFileUri } from '../../bytes/file-uri.ts'
import { microsecondTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

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
