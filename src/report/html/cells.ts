/** Cells and sentences that the tables of findings share. */

import { printPath } from '../../base/evidence-path.ts'
import type { EvidencePath, Recovered } from '../../contracts/entry.ts'
import type { EntryView } from '../../contracts/view.ts'
import { displayFileTime } from '../model/display-time.ts'
import { recordText } from '../pages/record-text.ts'
import { formatBytes } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { type Found, ROWS_A_TABLE, type Table } from './gather.ts'

/** Row header of a content: its representative place, its SHA-256, every other place. */
export function placeCell(
  { view, copies, copyCount, leftOut, thumbnails }: Found,
  below: Content = null,
): Markup {
  const more = copyCount - copies.length
  const sha256 = view.content?.digests.sha256
  return html`<th scope="row" class="place">${pathText(view.entry.path)}${sha256 === undefined ? null : html`<p class="meta">SHA-256 <code>${sha256}</code></p>`}${copies.map(
    ({ path, priority }) =>
      html`<p class="copy">${sayMarked('also-at', { path: pathText(path) }, priority === view.ranked.priority ? {} : { priority: priority ?? 'none' })}</p>`,
  )}${more === 0 ? null : html`<p class="copy">${say('more-places', { places: more, ...(leftOut === 0 ? {} : { listed: more - leftOut }) })}</p>`}${thumbnails === 0 ? null : html`<p class="copy">${say('marked-thumbnails', { thumbnails })}</p>`}${below}</th>`
}

export function fileLines({ view, recovery }: Found, zone: string): Markup {
  const { entry, content, attributes } = view
  return html`<div>${content?.mediaType ?? say('type-not-determined')}</div><div>${formatBytes(entry.sizeBytes)}</div><div class="quiet">${entry.times.modified ? say('modified', { time: displayFileTime(entry.times.modified, zone) }) : say('no-modification-time')}</div>${recoveredLine(recovery, attributes)}${recordLines(view, zone)}`
}

const RECORDS_SHOWN = 8

/** Device records on the content: its names, its origin, whether it was passed on. */
function recordLines({ records }: EntryView, zone: string): Markup | null {
  if (records.length === 0) return null
  const more = records.length - RECORDS_SHOWN
  const lines = records
    .slice(0, RECORDS_SHOWN)
    .map((record) => html`<div class="quiet">${recordText(record, zone)}</div>`)
  return html`${lines}${more > 0 ? html`<div class="quiet">${say('records-of-content-more', { records: more })}</div>` : null}`
}

/** Attributes that say that a content is a part, or was put together of parts. */
export const PIECES: ReadonlySet<string> = new Set([
  'fragment',
  'decodes-in-part',
  'reconstructed',
  'text-run',
])

/** For an entry that is not live, or lies in one: the status, and how it was found. */
function recoveredLine(recovery: Recovered | undefined, attributes: EntryView['attributes']): Markup | null {
  const pieces = attributes.find(({ code }) => PIECES.has(code))
  if (!recovery || recovery.status === 'live') return null
  const { status, basis } = recovery
  return html`<div><strong>${ENGLISH.word('status', status)}</strong>${basis === null ? null : html` ${ENGLISH.sentence('exhibit', 'found-by', { basis: ENGLISH.word('basis', basis) })}`}${pieces === undefined ? null : html`; <strong>${ENGLISH.attribute(pieces)}</strong>`}</div>`
}

/** One line, isolated, so that right-to-left letters do not reorder the text next to it. */
export function pathText(path: EvidencePath): Markup {
  return html`<bdi dir="ltr" class="path">${printPath(path)}</bdi>`
}

export function editionText(of: { readonly edition: string | null }): string {
  return `, ${say('edition', of.edition === null ? {} : { edition: of.edition })}`
}

export function countText({ count }: Table): string {
  return say('contents-at-places', { contents: count.contents, places: count.entries })
}

export function leftOut(table: Table): Markup | null {
  const more = table.count.contents - table.rows.length - table.folded
  return more <= 0
    ? null
    : html`<p class="left-out">${sayMarked('contents-left-out', { more: html`<strong>${say('more-not-listed', { more })}</strong>` }, { shown: ROWS_A_TABLE })}</p>`
}

export function none(sentence: string): Markup {
  return html`<p class="none">${sentence}</p>
`
}
