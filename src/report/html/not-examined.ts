/** Parts that were not examined, with reasons: counts for every stage and reason, then the names. */

import type { EntryTotals, LedgerReader } from '../../contracts/ledger-reader.ts'
import { isEnvironmentDependent } from '../../contracts/reason.ts'
import { STAGES, type StageName } from '../../contracts/stage.ts'
import { longTable } from '../pages/long-table.ts'
import { formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { none, pathText } from './cells.ts'
import { isListed, NOT_DONE_ROWS, type NotDone } from './entries.ts'
import { coverageTable } from './examined.ts'
import { OUTCOME_WORDS, STAGE_WORDS } from './words.ts'

const MEDIA_TYPES_SHOWN = 12

export function* notExamined(ledger: EntryTotals, groups: readonly NotDone[]): Iterable<Markup> {
  yield html`<section aria-labelledby="not-examined"><h2 id="not-examined">${say('what-was-not-examined-and')}</h2>
<p>${say('every-entry-has-exactly')}</p>
${coverageTable(ledger.summary())}
<dl class="facts">${Object.values(STAGE_WORDS).map(({ title, means }) => html`<div><dt>${title}</dt><dd>${means}</dd></div>`)}</dl>
<h3>${say('counts-by-stage-and')}</h3>
`
  yield* reasonTable(ledger)
  yield* lists(groups)
  yield html`</section>
`
}

/** Reasons in rows, stages in columns: the same reason often holds in several stages. */
function* reasonTable(ledger: EntryTotals): Iterable<Markup> {
  const counts = ledger.reasons()
  if (counts.length === 0) yield none(say('every-stage-was-done'))
  for (const outcome of ['not-done', 'done-with-warnings', 'out-of-scope', 'not-applicable'] as const) {
    const rows = counts.filter(({ result }) => result === outcome)
    if (rows.length === 0) continue
    const reasons = [...new Set(rows.map(({ reason }) => reason))]
    yield html`<table class="numbers by-stage"><thead><tr><th scope="col">${firstUpper(OUTCOME_WORDS[outcome])}, because</th>${STAGES.map((stage) => html`<th scope="col" class="n">${STAGE_WORDS[stage].title}</th>`)}</tr></thead><tbody>
${reasons.map(
  (reason) =>
    html`<tr><th scope="row">${ENGLISH.reason(reason)}${isEnvironmentDependent(reason) ? html` <span class="tag">${say('depends-on-machine-and')}</span>` : null}</th>${STAGES.map((stage) => html`<td class="n">${formatCount(countOf(rows, stage, reason))}</td>`)}</tr>
`,
)}</tbody></table>
`
  }
  if (counts.some(({ reason }) => isEnvironmentDependent(reason)))
    yield html`<p class="note">${say('results-that-depend-on')}</p>
`
}

type ReasonCount = ReturnType<LedgerReader['reasons']>[number]

function countOf(rows: readonly ReasonCount[], stage: StageName, reason: string): number {
  return rows.find((row) => row.stage === stage && row.reason === reason)?.entries ?? 0
}

function firstUpper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function* lists(groups: readonly NotDone[]): Iterable<Markup> {
  yield html`<h3>2.2 The entries</h3>
<p>${say('what-was-not-examined')}</p>
`
  const listed = groups.filter(isListed)
  if (listed.length === 0)
    yield html`<p class="none">${say('there-is-no-entry')}</p>
`
  for (const group of listed) yield* list(group)
}

function* list(group: NotDone): Iterable<Markup> {
  yield html`<h4>${STAGE_WORDS[group.stage].title}, ${OUTCOME_WORDS[group.result]}: ${ENGLISH.reason(group.reason)} (${formatCount(group.entries)})</h4>
${mediaTypes(group)}
`
  yield* longTable({
    className: 'rows slim',
    head: html`<th scope="col" class="place">Entry</th><th scope="col">Detail</th>`,
    rows: group.rows,
    row: ({
      path,
      detail,
    }) => html`<tr><th scope="row" class="place">${pathText(path)}</th><td>${detail === null ? '–' : ENGLISH.detail(detail)}</td></tr>
`,
  })
  const more = group.entries - group.rows.length
  yield html`${more === 0 ? null : html`<p class="left-out">${sayMarked('entries-left-out', { more: html`<strong>${say('more-not-listed', { more })}</strong>` }, { shown: NOT_DONE_ROWS })}</p>`}
`
}

function mediaTypes({ mediaTypes: counts }: NotDone): Markup | null {
  if (counts.size === 0) return null
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  const shown = sorted.slice(0, MEDIA_TYPES_SHOWN).map(([type, count]) => `${type} ${formatCount(count)}`)
  const more = sorted.length - shown.length
  return html`<p class="meta">${say('by-media-type', { types: shown.join(', '), ...(more === 0 ? {} : { more }) })}</p>`
}
