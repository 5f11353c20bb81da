/**
 * Reads visited pages and removals of Safari (`History.db`).
 *
 * @see plaso, sqlite plugin safari (checked against its test data)
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { cocoaTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
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
