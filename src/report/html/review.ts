/** Leads and text signs by review priority, with reasons in words, scores beside thresholds and measured error. */

import type { Attribute } from '../../contracts/attribute.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Lead, Priority, Signal } from '../../contracts/finding.ts'
import { PRIORITIES } from '../../contracts/finding.ts'
import type { ReviewReason } from '../../contracts/review-reason.ts'
import type { EntryView, View } from '../../contracts/view.ts'
import { withoutCovered } from '../../score/covered-reasons.ts'
import { TERM_PLACES } from '../../terms/agency-scores.ts'
import { formatCount } from '../format.ts'
import { ENGLISH, isShown } from '../texts/index.ts'
import { countText, fileLines, leftOut, none, placeCell } from './cells.ts'
import type { Findings, Table } from './gather.ts'
import { longTable } from './long-table.ts'
import { html, type Markup } from './markup.ts'
import { measuredError } from './measured-error.ts'
import { previewDataUri } from './preview.ts'
import { decimal, PRIORITY_WORDS } from './words.ts'

export function* review(findings: Findings, plan: Plan, zone: string, view: View): Iterable<Markup> {
  yield html`<h3 id="review">1.4 Leads and text signs, by review priority</h3>
<p>A priority orders the work of a person; it is not a category, and a low one clears nothing. A score is not a probability. Beside each stand its threshold and what was measured of the model’s errors; how much a model finds was never measured. ${view.kind === 'none' ? 'Previews were left out of this report.' : 'The grey squares are all that was kept of a picture: at most 16 × 16 cells, each the mean of at least 64 of its pixels. There is no original behind them.'}</p>
`
  const tables = [...PRIORITIES, null].map((priority) => [priority, findings.review.get(priority)!] as const)
  const listed = tables.filter(([, table]) => table.rows.length > 0)
  if (listed.length === 0) yield none(nothingListed(plan))
  for (const [priority, table] of listed) yield* reviewTable(priority, table, zone, view)
}

function nothingListed(plan: Plan): string {
  const models =
    plan.models.length === 0 ? 'No model was used.' : 'No model scored a content at or above its threshold.'
  const text =
    plan.options.textBasis === null
      ? 'Text was not read: no legal basis was stated.'
      : 'No text sign was found.'
  return `${models} ${text} That is not evidence of absence.`
}

function* reviewTable(priority: Priority | null, table: Table, zone: string, view: View): Iterable<Markup> {
  const previews = view.kind !== 'none' && table.rows.some((row) => showsPreview(row.view))
  yield html`<h4>${priority === null ? 'No rule of priority applied' : `Priority ${priority}: look ${PRIORITY_WORDS[priority]}`}</h4>
<p>${countText(table)}, strongest score first.</p>
`
  yield* longTable({
    className: 'rows review',
    head: html`${previews ? html`<th scope="col" class="preview">Preview</th>` : null}<th scope="col" class="place">Where it lies</th><th scope="col">Why, and what the models said</th>`,
    rows: table.rows,
    row: (row) => {
      const below = html`${fileLines(row.view, zone)}${attributes(row.view)}`
      return html`<tr>${previews ? html`<td class="preview">${preview(row.view)}</td>` : null}${placeCell(row, below)}<td>${why(row.view)}</td></tr>
`
    },
  })
  yield html`${leftOut(table)}
`
}

/** Leads only: a content that is a hit needs no picture to be recognised. */
function showsPreview({ hits, leads, preview: of }: EntryView): boolean {
  return of !== null && leads.length > 0 && hits.length === 0
}

function preview(view: EntryView): Markup {
  const of = view.preview
  if (of === null || !showsPreview(view)) return html`<span class="quiet">none</span>`
  return html`<img class="${of.height > of.width ? 'upright' : 'lying'}" alt="Destructive preview, ${of.width} × ${of.height} grey cells" src="${previewDataUri(of)}">`
}

function why(view: EntryView): Markup {
  const reasons = withoutCovered(view.ranked.reasons)
  const spoken = new Set(reasons.flatMap(classifiersOf))
  return html`<ul class="reasons">${reasons.map((reason) => reasonText(reason, view.leads))}</ul>
${view.leads.map((lead) => leadText(lead, spoken.has(lead.classifier)))}${view.signals.map(signalText)}${view.hits.length === 0 ? null : html`<p class="score">This content is also a <a href="#hits">hit</a>.</p>`}`
}

/** A reason with the measured error of the models that it rests on. */
function reasonText(reason: ReviewReason, leads: readonly Lead[]): Markup {
  const errors = classifiersOf(reason).map((classifier) => {
    const said = leads.filter((lead) => lead.classifier === classifier).map(measuredError)
    return said.find((error) => error !== null) ?? `no error of ${classifier} was measured for this output`
  })
  return html`<li>${ENGLISH.review(reason)}${errors.length === 0 ? null : html` <span class="quiet">Measured error: ${errors.join('; ')}.</span>`}</li>`
}

function classifiersOf({ params }: ReviewReason): string[] {
  return [
    ...('classifier' in params ? [params.classifier] : []),
    ...('minorClassifier' in params ? [params.minorClassifier] : []),
  ]
}

/** @param spoken a reason says its score and its measured error already */
function leadText(lead: Lead, spoken: boolean): Markup {
  const others = Object.entries(lead.scores).filter(([label]) => label !== lead.label)
  const error = spoken ? '' : ` ${measuredError(lead) ?? 'no error was measured for this output'}.`
  return html`<p class="score"><strong>${lead.label} ${decimal(lead.scorePer10k)}</strong> (threshold ${decimal(lead.thresholdPer10k)}) by ${lead.classifier}, model digest <code>${lead.modelSha256.slice(0, 16)}…</code> <span class="quiet">${error}${others.length === 0 ? '' : ` Its other scores: ${others.map(([label, score]) => `${label} ${decimal(score)}`).join(', ')}.`}</span></p>
`
}

function signalText(signal: Signal): Markup {
  const message = signal.messageIndex === null ? '' : `, message ${formatCount(signal.messageIndex)}`
  return html`<p class="score"><strong>${signal.rule}</strong>${signal.stage === null ? '' : ` (${signal.stage})`} by ${signal.classifier}, at ${formatCount(signal.start)}–${formatCount(signal.end)}${message}: <q>${signal.quote}</q></p>
`
}

/** What makes a priority is said with its reasons. */
function saidByReasons({ code }: Attribute, { leads }: EntryView): boolean {
  if (code === 'apparent-age') return leads.some(({ label }) => label === 'apparent-minor')
  return code === 'possible-first-generation' || (TERM_PLACES as readonly string[]).includes(code)
}

function attributes(view: EntryView): Markup | null {
  const shown = view.attributes.filter((one) => isShown(one) && !saidByReasons(one, view))
  if (shown.length === 0) return null
  return html`<div class="quiet">${shown.map((one) => ENGLISH.attribute(one)).join('; ')}</div>`
}
