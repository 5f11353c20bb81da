/** Reads Android's media store: each file, and the app that wrote it. */
import { definedOnly } from '../../../base/defined-only.ts'
import { millisecondTime, secondTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

/** `external.db` of com.android.providers.media. */
export function readMediaStore(tables: Tables, sink: RecordCollector): boolean {
  const files = tables.get('files')
  if (!files?.columns.includes('_data') || !files.columns.includes('mime_type')) return false
  const isFile = (get: (name: string) => unknown) =>
    /^\/(storage|data|sdcard|mnt)\//.test(String(get('_data') ?? ''))
  for (const row of tables.rowsOf(files, isFile)) {
    const path = textOf(row, '_data')
    const mediaType = textOf(row, 'mime_type')
    // Folders have no media type.
    if (path === undefined || mediaType === undefined) continue
    const sizeBytes = wholeOf(row, '_size')
    sink.add({
      what: {
        code: 'media-stored',
        params: definedOnly({
          path,
          mediaType,
          sizeBytes,
          app: textOf(row, 'owner_package_name'),
          url: textOf(row, 'download_uri') ?? textOf(row, 'referer_uri'),
          trashed: flagOf(row, 'is_trashed'),
        }),
      },
      ...timesOfRecord(
        ['added', secondTime(column(row, 'date_added'))],
        ['created', millisecondTime(column(row, 'datetaken'))],
        ['modified', secondTime(column(row, 'date_modified'))],
      ),
      status: row.status,
      sizeBytes: sizeBytes ?? null,
    })
  }
  return true
}
