/**
 * Reads the sources of downloads that macOS records (`QuarantineEventsV2`).
 *
 * @see plaso, sqlite plugin ls_quarantine (checked against its test data)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { cocoaTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

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
