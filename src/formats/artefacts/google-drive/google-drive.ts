/**
 * Reads file catalogues of programs: Google Drive (MD5 of each content) and Android's media store (the app that wrote
 * a file).
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { millisecondTime, secondTime } from '../../bytes/times.ts'
import { type RecordCollector, timesOfRecord } from '../../records/artefact.ts'
import { flagOf, textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

/** `snapshot.db` and `cloud_graph.db`. */
export function readGoogleDrive(tables: Tables, sink: RecordCollector): boolean {
  const entries = ['cloud_entry', 'cloud_graph_entry'].flatMap((name) => tables.get(name) ?? [])
  for (const table of entries.filter(({ columns }) => columns.includes('checksum'))) {
    const isFile = (get: (name: string) => unknown) =>
      isMd5(get('checksum')) && typeof get('filename') === 'string'
    for (const row of tables.rowsOf(table, isFile)) {
      const md5 = column(row, 'checksum')
      const sizeBytes = wholeOf(row, 'size')
      sink.add({
        what: {
          code: 'cloud-file',
          params: definedOnly({
            program: 'google-drive',
            name: textOf(row, 'filename'),
            sizeBytes,
            shared: flagOf(row, 'shared'),
            removed: flagOf(row, 'removed'),
          }),
        },
        direction: flagOf(row, 'shared') ? 'shared' : null,
        ...timesOfRecord(
          ['modified', secondTime(column(row, 'modified'))],
          ['written', secondTime(column(row, 'mtime'))],
        ),
        status: row.status,
        digests: isMd5(md5) ? { md5: md5.toLowerCase() } : {},
        sizeBytes: sizeBytes ?? null,
      })
    }
  }
  return entries.length > 0
}

function isMd5(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{32}$/i.test(value)
}

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
