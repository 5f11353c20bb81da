/** Cells and sentences that the tables of findings share. */

import { printPath } from '../../base/evidence-path.ts'
import type { EvidencePath } from '../../contracts/entry.ts'
import type { EntryView } from '../../contracts/view.ts'
import { formatBytes, formatCount, plural } from '../format.ts'
import { ENGLISH } from '../texts/index.ts'
import { displayFileTime } from './display-time.ts'
import { type Found, ROWS_A_TABLE, type Table } from './gather.ts'
import { type Content, html, type Markup } from './markup.ts'

/** Where a content lies: its representative place, its SHA-256, every other place. A row header. */
export function placeCell(
  { view, copies, copyCount, leftOut, thumbnails }: Found,
  below: Content = null,
): Markup {
  const more = copyCount - copies.length
  const sha256 = view.content?.digests.sha256
  return html`<th scope="row" class="place">${pathText(view.entry.path)}${sha256 === undefined ? null : html`<p class="meta">SHA-256 <code>${sha256}</code></p>`}${copies.map(
    ({ path, priority }) =>
      html`<p class="copy">also at: ${pathText(path)}${priority === view.ranked.priority ? null : html` (there priority ${priority ?? 'none'})`}</p>`,
  )}${more === 0 ? null : html`<p class="copy">and at ${plural(more, 'more place')}: ${leftOut === 0 ? 'in the JSONL export' : html`${formatCount(more - leftOut)} in the JSONL export, the others follow from copies of copies`}</p>`}${thumbnails === 0 ? null : html`<p class="copy">with ${plural(thumbnails, 'thumbnail')} inside it that ${thumbnails === 1 ? 'is' : 'are'} marked too</p>`}${below}</th>`
}

export function fileLines(view: EntryView, zone: string): Markup {
  const { entry, content } = view
  return html`<div>${content?.mediaType ?? 'type not determined'}</div><div>${formatBytes(entry.sizeBytes)}</div><div class="quiet">${entry.times.modified ? `modified ${displayFileTime(entry.times.modified, zone)}` : 'no modification time'}</div>${recoveredLine(entry)}`
}

/** Of what is not live: what became of it, and by what it was found. */
function recoveredLine({ onImage }: EntryView['entry']): Markup | null {
  if (!onImage || onImage.status === 'live') return null
  const { status, basis } = onImage
  return html`<div><strong>${ENGLISH.word('status', status)}</strong>${basis === null ? null : ENGLISH.sentence('exhibit', 'found-by', { basis: ENGLISH.word('basis', basis) })}</div>`
}

/** One line, isolated: letters written right to left must not reorder what stands beside them. */
export function pathText(path: EvidencePath): Markup {
  return html`<bdi dir="ltr" class="path">${printPath(path)}</bdi>`
}

export function editionText(of: { readonly edition: string | null }): string {
  return of.edition === null ? ', edition not stated' : `, edition ${of.edition}`
}

export function countText({ count }: Table): string {
  return `${plural(count.contents, 'content')} at ${plural(count.entries, 'place')}`
}

export function leftOut(table: Table): Markup | null {
  const more = table.count.contents - table.rows.length - table.folded
  return more <= 0
    ? null
    : html`<p class="left-out">The first ${formatCount(ROWS_A_TABLE)} contents are listed. <strong>${formatCount(more)} more are not listed here</strong>; each is a line of the JSONL export.</p>`
}

export function none(sentence: string): Markup {
  return html`<p class="none">${sentence}</p>
`
}
