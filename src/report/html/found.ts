/** Findings: hits by list and category, digest conflicts, near matches, and the others by review priority. */

import type { Plan } from '../../contracts/case.ts'
import type { DigestConflict, Hit, NearMatch } from '../../contracts/finding.ts'
import type { ExaminationFacts, PictureOrigins } from '../../contracts/ledger-reader.ts'
import type { View } from '../../contracts/view.ts'
import { listOf } from '../../findings/index.ts'
import { hasherParams, videoParams } from '../../findings/near.ts'
import { longTable } from '../pages/long-table.ts'
import { ENGLISH } from '../texts/index.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { cameras } from './cameras.ts'
import { countText, editionText, fileLines, leftOut, none, placeCell } from './cells.ts'
import { type Findings, groupKey, type HitGroup, OTHERS, type Table } from './gather.ts'
import { generators } from './generators.ts'
import { positions } from './positions.ts'
import { review } from './review.ts'
import { algorithmsText, categoryText, MEANING_WORDS } from './words.ts'

export function* found(
  ledger: ExaminationFacts & PictureOrigins,
  findings: Findings,
  view: View,
): Iterable<Markup> {
  const zone = ledger.case.timezone
  yield html`<section aria-labelledby="found"><h2 id="found">1 What was found</h2>
`
  yield* hits(findings, ledger.plan, zone)
  yield* conflicts(findings.conflicts, zone)
  yield* near(findings.near, zone)
  yield* review(findings, ledger.plan, zone, view)
  yield* cameras(ledger)
  yield* positions(ledger)
  yield* generators(ledger)
  yield* others(findings, zone)
  yield html`</section>
`
}

function* hits({ groups }: Findings, plan: Plan, zone: string): Iterable<Markup> {
  yield html`<h3 id="hits">${say('hits-contents-whose-digests')}</h3>
<p>${say('a-hit-says-that')}</p>
`
  if (groups.length === 0)
    yield none(plan.hashSets.length === 0 ? say('no-list-was-given') : say('no-content-is-on'))
  for (const group of groups) yield* hitGroup(group, zone)
}

function* hitGroup(group: HitGroup, zone: string): Iterable<Markup> {
  const { of, count, weakContents } = group
  yield html`<h4>${of.hashSet}${editionText(of)}: ${categoryText(of)}</h4>
<p>${say('counts-as', { meaning: MEANING_WORDS[of.meaning], count: countText(group), records: count.records })}${weakContents === 0 ? null : html` ${sayMarked('weak-means', { weak: html`<strong>${say('weak-contents', { contents: weakContents })}</strong>` })}`}</p>
`
  yield* longTable({
    className: 'rows',
    head: html`<th scope="col" class="place">Where it lies</th><th scope="col" class="file">File</th><th scope="col">Agreed by</th>`,
    rows: group.rows,
    row: (row) => {
      const own = row.view.hits.filter((hit) => groupKey(hit) === groupKey(of))
      return html`<tr>${placeCell(row)}<td>${fileLines(row, zone)}</td><td>${own.map(agreedBy)}</td></tr>
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
  yield html`<h3 id="conflicts">${say('digest-conflicts-one-digest')}</h3>
<p>${say('either-the-record-of')}</p>
`
  if (table.rows.length === 0) yield none(say('no-record-conflicts-with'))
  else yield* comparisons(table, zone, 'Record', (row) => row.view.conflicts.map(conflictText))
}

function conflictText(conflict: DigestConflict): Markup {
  return html`<div>${sayMarked(
    'conflict',
    {
      digests: html`<strong>${say('conflict-digests', { agreeing: algorithmsText(conflict.agreeing), differing: algorithmsText(conflict.differing) })}</strong>`,
    },
    {
      list: `${conflict.hashSet}${editionText(conflict)}`,
      category: categoryText(conflict),
      meaning: MEANING_WORDS[conflict.meaning],
    },
  )}</div>`
}

function* near(table: Table, zone: string): Iterable<Markup> {
  yield html`<h3 id="near">${say('near-matches-pictures-that')}</h3>
<p>${say('pictures-are-compared-by')}</p>
`
  if (table.rows.length === 0) yield none(say('there-is-no-near'))
  else yield* comparisons(table, zone, 'Near to', (row) => row.view.near.map(nearText))
}

function distanceWords({ hasher, distanceBits }: NearMatch): string {
  return hasher ? say('near-distance', hasherParams(hasher)) : say('near-bits', { distanceBits })
}

function nearText(match: NearMatch): Markup {
  return html`<div>${sayMarked(
    'near',
    { distance: html`<strong>${distanceWords(match)}</strong>` },
    {
      band: match.band,
      algorithm: match.hasher
        ? say('near-hasher', hasherParams(match.hasher))
        : algorithmsText([match.algorithm]),
      quality: match.quality,
      orientation: match.orientation,
      ...(match.video && { shares: say('near-shares', videoParams(match.video)) }),
      list: `${match.hashSet}${editionText(match)}`,
      category: categoryText(match),
      meaning: MEANING_WORDS[match.meaning],
    },
  )}</div>`
}

/** Kinds of finding without a section of their own, where there are any. */
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
    row: (row) => html`<tr>${placeCell(row)}<td>${fileLines(row, zone)}</td><td>${cell(row)}</td></tr>
`,
  })
  yield html`${leftOut(table)}
`
}
