/** What was found: hits by list and category, conflicts, near matches, and the rest by review priority. */
import type { DigestConflict, EntryView, LedgerReader, NearMatch, Priority, View } from '../../contracts.ts'
import { PRIORITIES } from '../../contracts.ts'
import { printPath } from '../../evidence-path.ts'
import { formatBytes, formatCount, plural } from '../format.ts'
import { displayFileTime } from './display-time.ts'
import { type Findings, type Found, type HitGroup, ROWS_A_TABLE, type Table } from './gather.ts'
import { type Content, html, type Markup } from './markup.ts'
import { measuredError } from './measured-error.ts'
import { previewDataUri } from './preview.ts'
import { algorithmsText, categoryText, decimal, MEANING_WORDS, PRIORITY_WORDS } from './words.ts'

export function* found(ledger: LedgerReader, findings: Findings, view: View): Iterable<Markup> {
  const zone = ledger.case.timezone
  yield html`<section aria-labelledby="found"><h2 id="found">1 What was found</h2>
`
  yield* hits(findings, zone)
  yield* conflicts(findings.conflicts, zone)
  yield* near(findings.near, zone)
  yield* review(findings, zone, view)
  yield html`</section>
`
}

// ───────────────────────────────────────────────────────────────────────────── hits

function* hits({ groups }: Findings, zone: string): Iterable<Markup> {
  yield html`<h3 id="hits">1.1 Hits: contents whose digests are on a list</h3>
<p>A hit says that the digests of a content equal those of a record. Pictures of hits are never shown here: none is needed, and none was kept.</p>
`
  const listed = groups.filter((group) => group.of.meaning !== 'known')
  if (listed.length === 0) yield none('No content is on a list of illegal material or of interest.')
  for (const group of listed) yield* hitGroup(group, zone)
}

function* hitGroup(group: HitGroup, zone: string): Iterable<Markup> {
  const { of, count, weakContents } = group
  yield html`<h4>${of.hashSet}${of.edition === null ? ', edition not stated' : `, edition ${of.edition}`}: ${categoryText(of)}</h4>
<p>Declared as ${MEANING_WORDS[of.meaning]}. ${countText(group)}, ${plural(count.records, 'list record')}.${weakContents === 0 ? null : html` <strong>Weak: ${plural(weakContents, 'content')} compared by MD5 or SHA-1 alone.</strong> Files can be made to share such a digest: confirm by another means.`}</p>
<table class="rows"><thead><tr><th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col" class="agree">Agreed by</th></tr></thead><tbody>
`
  for (const row of group.rows) {
    const own = row.view.hits.filter((hit) => sameGroup(hit, of))
    yield html`<tr><td class="place">${places(row)}</td><td class="file">${file(row.view, zone)}</td><td class="agree">${own.map((hit) => html`<div>${algorithmsText(hit.algorithms)}${hit.weak ? html` alone <span class="tag">weak</span>` : null}</div>`)}</td></tr>
`
  }
  yield html`</tbody></table>
${leftOut(group)}
`
}

function sameGroup(a: HitGroup['of'], b: HitGroup['of']): boolean {
  return (
    a.meaning === b.meaning &&
    a.hashSetSha256 === b.hashSetSha256 &&
    a.hashSet === b.hashSet &&
    a.edition === b.edition &&
    a.scale === b.scale &&
    a.category === b.category
  )
}

// ───────────────────────────────────────────────────────────────────────────── conflicts and near matches

function* conflicts(table: Table, zone: string): Iterable<Markup> {
  yield html`<h3 id="conflicts">1.2 Digest conflicts: one digest of a record agrees, another does not</h3>
<p>Either the record of the list is faulty, or two files were made to share a digest. A conflict is not a hit; it deserves an explanation.</p>
`
  if (table.rows.length === 0) return yield none('No record conflicts with a content.')
  yield html`<p>${countText(table)}.</p>
<table class="rows"><thead><tr><th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col" class="agree">Record</th></tr></thead><tbody>
`
  for (const row of table.rows)
    yield html`<tr><td class="place">${places(row)}</td><td class="file">${file(row.view, zone)}</td><td class="agree">${row.view.conflicts.map(conflictText)}</td></tr>
`
  yield html`</tbody></table>
${leftOut(table)}
`
}

function conflictText(conflict: DigestConflict): Markup {
  return html`<div>${conflict.hashSet}${editionText(conflict)}: ${categoryText(conflict)}, of ${MEANING_WORDS[conflict.meaning]}. ${algorithmsText(conflict.agreeing)} agrees, <strong>${algorithmsText(conflict.differing)} differs</strong>.</div>`
}

function* near(table: Table, zone: string): Iterable<Markup> {
  yield html`<h3 id="near">1.3 Near matches: pictures that look like a listed picture</h3>
<p>Perceptual hashes were compared. Different pictures can be this alike: a person must compare each with the listed one before anything is concluded.</p>
`
  if (table.rows.length === 0) return yield none('No near match.')
  yield html`<p>${countText(table)}.</p>
<table class="rows"><thead><tr><th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col" class="agree">Near to</th></tr></thead><tbody>
`
  for (const row of table.rows)
    yield html`<tr><td class="place">${places(row)}</td><td class="file">${file(row.view, zone)}</td><td class="agree">${row.view.near.map(nearText)}</td></tr>
`
  yield html`</tbody></table>
${leftOut(table)}
`
}

function nearText(match: NearMatch): Markup {
  return html`<div>${match.hashSet}${editionText(match)}: ${categoryText(match)}, of ${MEANING_WORDS[match.meaning]}. ${algorithmsText([match.algorithm])}, <strong>${match.distanceBits} of 256 bits apart</strong> (${match.band}), quality ${match.quality} of 100${match.orientation === 'original' ? '' : `, turned to match: ${match.orientation}`}.</div>`
}

// ───────────────────────────────────────────────────────────────────────────── for review

function* review({ review: byPriority }: Findings, zone: string, view: View): Iterable<Markup> {
  yield html`<h3 id="review">1.4 Leads and text signs, by review priority</h3>
<p>A priority orders the work of a person; it is not a category, and a low one clears nothing. Scores are no probabilities. Beside each stands its threshold and what was measured of the model’s errors. ${view.kind === 'none' ? 'Previews were left out of this report.' : 'The grey squares are all that was kept of a picture: at most 16 × 16 cells, each the mean of at least 64 of its pixels. There is no original behind them.'}</p>
`
  const tables = [...PRIORITIES, null].map((priority) => [priority, byPriority.get(priority)!] as const)
  const listed = tables.filter(([, table]) => table.rows.length > 0)
  if (listed.length === 0)
    yield none(
      'No model scored a content at or above its threshold, and no text sign was found. That is not evidence of absence.',
    )
  for (const [priority, table] of listed) yield* reviewTable(priority, table, zone, view)
}

function* reviewTable(priority: Priority | null, table: Table, zone: string, view: View): Iterable<Markup> {
  const previews = view.kind !== 'none'
  yield html`<h4>${priority === null ? 'No rule of priority applied' : `Priority ${priority}: look ${PRIORITY_WORDS[priority]}`}</h4>
<p>${countText(table)}.</p>
<table class="rows"><thead><tr>${previews ? html`<th scope="col" class="preview">Preview</th>` : null}<th scope="col" class="place">Where it lies</th><th scope="col" class="why">Why, and what the models said</th></tr></thead><tbody>
`
  for (const row of table.rows)
    yield html`<tr>${previews ? html`<td class="preview">${preview(row.view)}</td>` : null}<td class="place">${places(row)}${file(row.view, zone)}${attributes(row.view)}</td><td class="why">${why(row.view)}</td></tr>
`
  yield html`</tbody></table>
${leftOut(table)}
`
}

/** Leads only: a content that is a hit needs no picture to be recognised. */
function preview({ hits, leads, preview: of }: EntryView): Markup {
  if (hits.length > 0) return html`<span class="quiet">none: it is a hit</span>`
  if (of === null || leads.length === 0) return html`<span class="quiet">none</span>`
  return html`<img class="${of.width < of.height ? 'upright' : 'lying'}" alt="Destructive preview, ${of.width} × ${of.height} grey cells" src="${previewDataUri(of)}">`
}

function why(view: EntryView): Markup {
  return html`<ul class="reasons">${view.ranked.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
${view.leads.map(
  (lead) =>
    html`<p class="score"><strong>${lead.label} ${decimal(lead.scorePer10k)}</strong>, threshold ${decimal(lead.thresholdPer10k)}, by ${lead.classifier} <code class="short">${lead.modelSha256.slice(0, 12)}</code>. <span class="quiet">All its scores: ${Object.entries(
      lead.scores,
    )
      .map(([label, score]) => `${label} ${decimal(score)}`)
      .join(', ')}. ${measuredError(lead) ?? 'No measured error is recorded for this output.'}</span></p>`,
)}
${view.signals.map(
  (signal) =>
    html`<p class="score"><strong>${signal.rule}</strong>${signal.stage === null ? null : ` (${signal.stage})`}, by ${signal.classifier}, at ${formatCount(signal.start)}–${formatCount(signal.end)}${signal.messageIndex === null ? null : `, message ${signal.messageIndex}`}: <q>${signal.quote}</q></p>`,
)}
${view.hits.length === 0 ? null : html`<p class="score">Also a hit: see <a href="#hits">1.1</a>.</p>`}`
}

function attributes(view: EntryView): Markup | null {
  if (view.attributes.length === 0) return null
  return html`<p class="quiet">${view.attributes.map((a) => `${a.name}: ${a.value}`).join('; ')}</p>`
}

// ───────────────────────────────────────────────────────────────────────────── cells

function places({ view, copies, copyCount }: Found): Markup {
  const more = copyCount - copies.length
  return html`${pathText(view.entry.path)}${copies.map(({ path, priority }) => html`<p class="copy">copy: ${pathText(path)}${priority === view.ranked.priority ? null : html` <span class="quiet">(there priority ${priority ?? 'none'})</span>`}</p>`)}${more === 0 ? null : html`<p class="copy">and ${plural(more, 'more copy', 'more copies')}, in the JSONL export</p>`}`
}

export function pathText(path: EntryView['entry']['path']): Markup {
  return html`<bdi dir="ltr" class="path">${printPath(path)}</bdi>`
}

function file(view: EntryView, zone: string): Markup {
  const { entry, content } = view
  const parts: Content[] = [
    content?.mediaType ?? 'type not determined',
    formatBytes(entry.sizeBytes),
    entry.times.modified ? `modified ${displayFileTime(entry.times.modified, zone)}` : 'no modification time',
  ]
  return html`<p class="meta">${parts.map((part, i) => (i === 0 ? part : [', ', part]))}</p>${content ? html`<p class="meta">SHA-256 <code>${content.digests.sha256}</code></p>` : null}`
}

function editionText(of: { readonly edition: string | null }): string {
  return of.edition === null ? '' : `, edition ${of.edition}`
}

function countText({ count }: Table): string {
  return `${plural(count.contents, 'content')} at ${plural(count.entries, 'place')}`
}

function leftOut(table: Table): Markup | null {
  const more = table.count.contents - table.rows.length
  return more <= 0
    ? null
    : html`<p class="left-out">The first ${formatCount(ROWS_A_TABLE)} contents are listed. <strong>${formatCount(more)} more are not listed here</strong>; every one is a line of the JSONL export.</p>`
}

function none(sentence: string): Markup {
  return html`<p class="none">${sentence}</p>
`
}
