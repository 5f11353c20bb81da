/**
 * A table that may be long, split into tables of 200 rows. A browser lays out the visible parts first, so that a
 * report of ten thousand rows opens in a second. Print and search include all parts.
 */
import { html, type Markup } from '../texts/markup.ts'

const ROWS_A_PART = 200

export function* longTable<Row>(parts: {
  readonly className: string
  /** The cells of the header row, repeated above every part. */
  readonly head: Markup
  readonly rows: readonly Row[]
  readonly row: (row: Row) => Markup
}): Iterable<Markup> {
  const { className, head, rows, row } = parts
  for (let start = 0; start < rows.length; start += ROWS_A_PART) {
    const part = rows.slice(start, start + ROWS_A_PART)
    // Only a full part has the height that the style sheet assumes for a part out of view.
    const deferred = part.length === ROWS_A_PART ? 'part deferred' : 'part'
    yield html`<div class="${deferred}"><table class="${className}"><thead><tr>${head}</tr></thead><tbody>
`
    for (const one of part) yield row(one)
    yield html`</tbody></table></div>
`
  }
}
