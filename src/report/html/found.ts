/** What was found: hits by list and category, digest conflicts, near matches, and the rest by review priority. */

import type { Plan } from '../../contracts/case.ts'
import type { DigestConflict, Hit, NearMatch } from '../../contracts/finding.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import type { View } from '../../contracts/view.ts'
import { listOf } from '../../findings/index.ts'
import { plural } from '../format.ts'
import { ENGLISH } from '../texts/index.ts'
import { cameras } from './cameras.ts'
import { countText, editionText, fileLines, leftOut, none, placeCell } from './cells.ts'
import { type Findings, groupKey, type HitGroup, OTHERS, type Table } from './gather.ts'
import { longTable } from './long-table.ts'
import { html, type Markup } from './markup.ts'
import { review } from './review.ts'
import { algorithmsText, categoryText, MEANING_WORDS } from './words.ts'

export function* found(ledger: LedgerReader, findings: Findings, view: View): Iterable<Markup> {
  const zone = ledger.case.timezone
  yield html`<section aria-labelledby="found"><h2 id="found">1 What was found</h2>
`
  yield* hits(findings, ledger.plan, zone)
  yield* conflicts(findings.conflicts, zone)
  yield* near(findings.near, zone)
  yield* review(findings, ledger.plan, zone, view)
  yield* cameras(ledger)
  yield* others(findings, zone)
  yield html`</section>
`
}

function* hits({ groups }: Findings, plan: Plan, zone: string): Iterable<Markup> {
  yield html`<h3 id="hits">1.1 Hits: contents whose digests are on a list</h3>
<p>A hit says that the digests of a content equal those of a record. No picture of a hit is shown: none is needed to recognise it.</p>
`
  if (groups.length === 0)
    yield none(
      plan.hashSets.length === 0
        ? 'No list was given: nothing was compared.'
        : 'No content is on a list of illegal material or of interest.',
    )
  for (const group of groups) yield* hitGroup(group, zone)
}

function* hitGroup(group: HitGroup, zone: string): Iterable<Markup> {
  const { of, count, weakContents } = group
  yield html`<h4>${of.hashSet}${editionText(of)}: ${categoryText(of)}</h4>
<p>Counts as ${MEANING_WORDS[of.meaning]}. ${countText(group)}; ${plural(count.records, 'list record')}.${weakContents === 0 ? null : html` <strong>Weak: ${plural(weakContents, 'content')} compared by MD5 or SHA-1 alone.</strong> Files can be made to share such a digest: confirm by another means.`}</p>
`
  yield* longTable({
    className: 'rows',
    head: html`<th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col">Agreed by</th>`,
    rows: group.rows,
    row: (row) => {
      const own = row.view.hits.filter((hit) => groupKey(hit) === groupKey(of))
      return html`<tr>${placeCell(row)}<td>${fileLines(row.view, zone)}</td><td>${own.map(agreedBy)}</td></tr>
`
    },
  })
  yield html`${leftOut(group)}
`
}

function agreedBy({ algorithms, weak }: Hit): Markup {
  return html`<div>${algorithmsText(algorithms)}${weak ? html` alone <span class="tag">weak</span>` : null}</div>`
}

function* conflicts(table: Table, zone: string): Iterable<Markup> {
  yield html`<h3 id="conflicts">1.2 Digest conflicts: one digest of a record agrees, another does not</h3>
<p>Either the record of the list is faulty, or two files were made to share a digest. A conflict is not a hit; it asks for an explanation.</p>
`
  if (table.rows.length === 0) yield none('No record conflicts with a content.')
  else yield* comparisons(table, zone, 'Record', (row) => row.view.conflicts.map(conflictText))
}

function conflictText(conflict: DigestConflict): Markup {
  return html`<div><strong>${algorithmsText(conflict.agreeing)} agrees, ${algorithmsText(conflict.differing)} differs.</strong> ${conflict.hashSet}${editionText(conflict)}: ${categoryText(conflict)}, ${MEANING_WORDS[conflict.meaning]}.</div>`
}

function* near(table: Table, zone: string): Iterable<Markup> {
  yield html`<h3 id="near">1.3 Near matches: pictures that look like a listed picture</h3>
<p>Pictures are compared by perceptual hash with lists that hold such hashes. Different pictures can be this alike: a person must compare each with the listed one before anything is concluded.</p>
`
  if (table.rows.length === 0)
    yield none('There is no near match. Where no list holds perceptual hashes, there can be none.')
  else yield* comparisons(table, zone, 'Near to', (row) => row.view.near.map(nearText))
}

function nearText(match: NearMatch): Markup {
  return html`<div><strong>${match.distanceBits} of 256 bits apart</strong> (${match.band}) by ${algorithmsText([match.algorithm])}, quality ${match.quality} of 100${match.orientation === 'original' ? '' : `, turned to match: ${match.orientation}`}. ${match.hashSet}${editionText(match)}: ${categoryText(match)}, ${MEANING_WORDS[match.meaning]}.</div>`
}

/** Kinds without a section of their own, where there is one of them. */
function* others(findings: Findings, zone: string): Iterable<Markup> {
  for (const kind of OTHERS) {
    const table = findings.others.get(kind.kind)!
    if (table.rows.length === 0) continue
    yield html`<h3 id="${kind.kind}">${ENGLISH.title(kind.kind)}</h3>
<p>${ENGLISH.meaning(kind.kind)}</p>
`
    yield* comparisons(table, zone, 'What was found', ({ view }) =>
      listOf(view, kind).map((one) => html`<div>${ENGLISH.finding(one)}</div>`),
    )
  }
}

function* comparisons(
  table: Table,
  zone: string,
  title: string,
  cell: (row: Table['rows'][number]) => readonly Markup[],
): Iterable<Markup> {
  yield html`<p>${countText(table)}.</p>
`
  yield* longTable({
    className: 'rows compare',
    head: html`<th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col">${title}</th>`,
    rows: table.rows,
    row: (row) => html`<tr>${placeCell(row)}<td>${fileLines(row.view, zone)}</td><td>${cell(row)}</td></tr>
`,
  })
  yield html`${leftOut(table)}
`
}
