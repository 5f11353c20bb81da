/** Reads the file catalogue of Google Drive: name and MD5 of each content. */
import { definedOnly } from '../../../base/defined-only.ts'
import { secondTime } from '../../bytes/times.ts'
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
