/** Leads and text signs by review priority, with reasons in words, and scores with thresholds and measured error. */

import type { Attribute } from '../../contracts/attribute.ts'
import type { Plan } from '../../contracts/case.ts'
import type { Lead, Priority, Signal } from '../../contracts/finding.ts'
import { PRIORITIES } from '../../contracts/finding.ts'
import type { ReviewReason } from '../../contracts/review-reason.ts'
import { isStageAsked } from '../../contracts/stage.ts'
import type { EntryView, View } from '../../contracts/view.ts'
import { withoutCovered } from '../../score/covered-reasons.ts'
import { TERM_PLACES } from '../../terms/agency-scores.ts'
import { longTable } from '../pages/long-table.ts'
import { measuredError } from '../pages/measured-error.ts'
import { ENGLISH, isShown } from '../texts/index.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { countText, fileLines, leftOut, none, PIECES, placeCell } from './cells.ts'
import type { Findings, Table } from './gather.ts'
import { previewDataUri } from './preview.ts'
import { decimal, PRIORITY_WORDS } from './words.ts'

export function* review(findings: Findings, plan: Plan, zone: string, view: View): Iterable<Markup> {
  yield html`<h3 id="review">${say('leads-and-text-signs')}</h3>
<p>${say('priority-means')} ${view.kind === 'none' ? say('previews-were-left-out') : say('the-grey-squares-are')}</p>
`
  const tables = [...PRIORITIES, null].map((priority) => [priority, findings.review.get(priority)!] as const)
  const listed = tables.filter(([, table]) => table.rows.length > 0)
  if (listed.length === 0) yield none(nothingListed(plan))
  for (const [priority, table] of listed) yield* reviewTable(priority, table, zone, view, plan.models)
}

function nothingListed(plan: Plan): string {
  const models = plan.models.length === 0 ? say('no-model-was-used') : say('no-model-scored-a')
  const unread = plan.options.textBasis === null ? 'text-was-not-read' : 'text-was-left-out'
  const text = say(isStageAsked('text-read', plan) ? 'no-text-sign-was' : unread)
  return say('not-evidence', { models, text })
}

function* reviewTable(
  priority: Priority | null,
  table: Table,
  zone: string,
  view: View,
  models: Plan['models'],
): Iterable<Markup> {
  const previews = view.kind !== 'none' && table.rows.some((row) => showsPreview(row.view))
  yield html`<h4>${priority === null ? say('no-rule-of-priority') : say('priority-heading', { priority, words: PRIORITY_WORDS[priority] })}</h4>
<p>${say('strongest-first', { count: countText(table) })}</p>
`
  yield* longTable({
    className: 'rows review',
    head: html`${previews ? html`<th scope="col" class="preview">Preview</th>` : null}<th scope="col" class="place">Where it lies</th><th scope="col">${say('why-and-what-the')}</th>`,
    rows: table.rows,
    row: (row) => {
      const below = html`${fileLines(row, zone)}${attributes(row.view)}`
      return html`<tr>${previews ? html`<td class="preview">${preview(row.view)}</td>` : null}${placeCell(row, below)}<td>${why(row.view, models)}</td></tr>
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
  return html`<img class="${of.height > of.width ? 'upright' : 'lying'}" alt="${say('destructive-preview', { width: of.width, height: of.height })}" src="${previewDataUri(of)}">`
}

function why(view: EntryView, models: Plan['models']): Markup {
  const reasons = withoutCovered(view.ranked.reasons)
  const spoken = new Set(reasons.flatMap(classifiersOf))
  return html`<ul class="reasons">${reasons.map((reason) => reasonText(reason, view.leads, models))}</ul>
${view.leads.map((lead) => leadText(lead, spoken.has(lead.classifier), models))}${view.signals.map(signalText)}${view.hits.length === 0 ? null : html`<p class="score">${sayMarked('also-a-hit', { hit: html`<a href="#hits">${say('hit')}</a>` })}</p>`}`
}

/** A reason with the measured error of the models that it rests on. */
function reasonText(reason: ReviewReason, leads: readonly Lead[], models: Plan['models']): Markup {
  const errors = classifiersOf(reason).map((classifier) => {
    const said = leads
      .filter((lead) => lead.classifier === classifier)
      .map((lead) => measuredError(lead, models))
    return said.find((error) => error !== null) ?? say('no-error-of', { classifier })
  })
  return html`<li>${ENGLISH.review(reason)}${errors.length === 0 ? null : html` <span class="quiet">${say('measured-error', { errors: errors.join('; ') })}</span>`}</li>`
}

function classifiersOf({ params }: ReviewReason): string[] {
  return [
    ...('classifier' in params ? [params.classifier] : []),
    ...('minorClassifier' in params ? [params.minorClassifier] : []),
  ]
}

/** @param spoken true: a reason already states the score and the measured error */
function leadText(lead: Lead, spoken: boolean, models: Plan['models']): Markup {
  const others = Object.entries(lead.scores).filter(([label]) => label !== lead.label)
  const error = spoken ? '' : ` ${measuredError(lead, models) ?? say('no-error-was-measured')}.`
  return html`<p class="score">${sayMarked('lead', { score: html`<strong>${lead.label} ${decimal(lead.scorePer10k)}</strong>`, digest: html`<code>${lead.modelSha256.slice(0, 16)}…</code>` }, { thresholdPer10k: lead.thresholdPer10k, classifier: lead.classifier })} <span class="quiet">${error}${others.length === 0 ? '' : ` ${say('other-scores', { scores: others.map(([label, score]) => `${label} ${decimal(score)}`).join(', ') })}`}</span></p>
`
}

function signalText(signal: Signal): Markup {
  return html`<p class="score">${sayMarked('signal', { rule: html`<strong>${signal.rule}</strong>`, quote: html`<q>${signal.quote}</q>` }, { classifier: signal.classifier, start: signal.start, end: signal.end, ...(signal.stage === null ? {} : { stage: signal.stage }), ...(signal.messageIndex === null ? {} : { message: signal.messageIndex }) })}</p>
`
}

/** True for attributes that the reasons of the priority, or another line, already state. */
function saidByReasons({ code }: Attribute, { leads }: EntryView): boolean {
  if (code === 'apparent-age') return leads.some(({ label }) => label === 'apparent-minor')
  return (
    // In the line that says how the content was found.
    PIECES.has(code) ||
    code === 'possible-first-generation' ||
    code === 'no-person-found' ||
    code === 'face-covered' ||
    code === 'face-in-doubt' ||
    code === 'close-up-of-hand' ||
    code === 'of-listed-series' ||
    (TERM_PLACES as readonly string[]).includes(code)
  )
}

function attributes(view: EntryView): Markup | null {
  const shown = view.attributes.filter((one) => isShown(one) && !saidByReasons(one, view))
  if (shown.length === 0) return null
  return html`<div class="quiet">${shown.map((one) => ENGLISH.attribute(one)).join('; ')}</div>`
}
