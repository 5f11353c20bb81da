/** Extracts text of CSV and TSV: messages when the columns are those of a chat export, else the cells. */
import { parse } from 'csv-parse/sync'
import { chatText, TextCollector, type TextExtractor } from '../documents/text-extractor.ts'
import { messagesInRows } from './chat.ts'
import { decodeText } from './decode-text.ts'

export const table: TextExtractor = {
  id: 'table',
  reads: (mediaType) =>
    ['text/csv', 'text/tab-separated-values', 'text/x-generator-table'].includes(mediaType),
  extract(bytes, limits) {
    const { text } = decodeText(bytes)
    const rows = parse(text, {
      delimiter: separatorOf(text),
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_error: true,
      skip_empty_lines: true,
      max_record_size: limits.textChars,
    }) as string[][]
    const [header = [], ...body] = rows
    const names = header.map((name) => name.trim())
    const messages = messagesInRows(
      body.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]]))),
    )
    const sink = new TextCollector(limits)
    if (messages.length * 2 >= body.length && messages.length > 0) {
      sink.add(chatText(messages))
      return { text: sink.text(), messages, warnings: sink.warnings() }
    }
    for (const row of rows) if (!sink.add(`${row.join('\t')}\n`)) break
    return { text: sink.text(), warnings: sink.warnings() }
  },
}

function separatorOf(text: string): string {
  const first = text.slice(0, 65_536).split('\n', 1)[0]!
  const counts = ['\t', ';', ','].map((separator) => [first.split(separator).length, separator] as const)
  return counts.reduce((best, one) => (one[0] > best[0] ? one : best))[1]
}
