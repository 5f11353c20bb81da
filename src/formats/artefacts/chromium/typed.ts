/**
 * Reads text typed in browsers of the Chromium family, outside the history: text in the address bar with the chosen
 * entry (`Shortcuts`), partial text in the address bar (`Network Action Predictor`), and text in search fields of
 * pages (`Web Data`). Other form fields give no record.
 *
 * @see Chromium, components/omnibox/browser/shortcuts_database.cc,
 *   chrome/browser/predictors/autocomplete_action_predictor_table.cc,
 *   components/autofill/core/browser/webdata/autocomplete/autocomplete_table.cc; log2timeline/plaso, chrome_autofill
 */
import { definedOnly } from '../../../base/defined-only.ts'
import { secondTime, webkitTime } from '../../bytes/times.ts'
import type { RecordCollector } from '../../records/artefact.ts'
import { textOf, wholeOf } from '../../sqlite/row-values.ts'
import { column, type Tables } from '../../sqlite/sqlite-tables.ts'

const PROGRAM = 'chromium'

export function readTyped(tables: Tables, sink: RecordCollector): boolean {
  const known = [readShortcuts(tables, sink), readPredictor(tables, sink), readFields(tables, sink)]
  return known.includes(true)
}

function readShortcuts(tables: Tables, sink: RecordCollector): boolean {
  const shortcuts = tables.get('omni_box_shortcuts')
  if (!shortcuts?.columns.includes('last_access_time')) return false
  const isOne = (get: (name: string) => unknown) =>
    typeof get('text') === 'string' && webkitTime(get('last_access_time')) !== null
  for (const row of tables.rowsOf(shortcuts, isOne, ['text', 'url'])) {
    const words = textOf(row, 'text')
    if (words === undefined) continue
    const times = wholeOf(row, 'number_of_hits')
    sink.add({
      what: {
        code: 'words-typed',
        params: { program: PROGRAM, words, ...definedOnly({ url: textOf(row, 'url'), times }) },
      },
      when: webkitTime(column(row, 'last_access_time')),
      status: row.status,
    })
  }
  return true
}

function readPredictor(tables: Tables, sink: RecordCollector): boolean {
  const predictor = tables.get('network_action_predictor')
  if (!predictor?.columns.includes('user_text')) return false
  // The table contains every prefix of the typed text. Only the longest prefix that led to a URL is recorded.
  const longest = new Map<string, { readonly words: string; readonly times: number | undefined }>()
  for (const row of tables.rowsOf(predictor)) {
    const [words, url] = [textOf(row, 'user_text'), textOf(row, 'url')]
    if (words === undefined || url === undefined) continue
    const before = longest.get(url)
    if (before === undefined || before.words.length < words.length)
      longest.set(url, { words, times: wholeOf(row, 'number_of_hits') })
  }
  for (const [url, { words, times }] of longest)
    sink.add({
      what: { code: 'words-typed', params: { program: PROGRAM, words, url, ...definedOnly({ times }) } },
    })
  return true
}

/** Names that pages give to search fields. */
const SEARCH_FIELD = /^(q|qs|query|search|search[_-]?(query|term|word|text|input)s?|keywords?|wd|s)$/i

function readFields(tables: Tables, sink: RecordCollector): boolean {
  const fields = tables.get('autofill')
  if (!fields?.columns.includes('value') || !fields.columns.includes('name')) return false
  const isOne = (get: (name: string) => unknown) =>
    SEARCH_FIELD.test(String(get('name') ?? '')) && typeof get('value') === 'string'
  for (const row of tables.rowsOf(fields, isOne, ['name', 'value'])) {
    const words = textOf(row, 'value')
    if (words === undefined || !SEARCH_FIELD.test(textOf(row, 'name') ?? '')) continue
    sink.add({
      what: {
        code: 'words-searched',
        params: { program: PROGRAM, words, ...definedOnly({ times: wholeOf(row, 'count') }) },
      },
      when: secondTime(column(row, 'date_last_used')),
      status: row.status,
    })
  }
  return true
}
