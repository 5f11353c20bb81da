/** Basis of the examination: hash lists, known contents set aside, models, and the limits of each method. */
import type { ModelCard } from '../../classify/model-card.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import type { EntryTotals, ExaminationFacts, LedgerReader } from '../../contracts/ledger-reader.ts'
import { isAgencyUse } from '../../terms/agency-scores.ts'
import { measuredErrors } from '../pages/measured-error.ts'
import { formatBytes, formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { MADE_ALONE, PROGRAM_NAMES } from '../texts/kind-words.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'
import { installedCards } from './cards.ts'
import { editionText, none } from './cells.ts'
import { decimal, MEANING_WORDS } from './words.ts'

const REJECTED_SHOWN = 10

export function* sources(ledger: ExaminationFacts & EntryTotals): Iterable<Markup> {
  const { hashSets, models } = ledger.plan
  yield html`<section aria-labelledby="lists"><h2 id="lists">3 Hash lists</h2>
<p>${say('what-a-list-means')}</p>
`
  if (hashSets.length === 0) yield none(say('no-list-was-given-no'))
  for (const list of hashSets) yield hashSet(list)
  yield suppressed(ledger)
  yield html`</section>
<section aria-labelledby="models"><h2 id="models">4 Models</h2>
`
  if (models.length === 0) yield none(say('no-model-was-used-no'))
  const cards = installedCards()
  for (const model of models) yield modelUse(model, cards.get(model.sha256))
  yield html`</section>
`
}

function rowsText({ rowsRead, recordsKept, duplicates, rejected, rejectedRows }: HashSetInfo): string {
  const shown = rejectedRows
    .slice(0, REJECTED_SHOWN)
    .map(({ line, reason }) => say('rejected-row', { line, reason }))
  const rows = shown.join('; ')
  return say('list-rows', {
    read: rowsRead,
    kept: recordsKept,
    duplicates,
    rejected,
    ...(rejected === 0 ? {} : { rows: rejected > shown.length ? say('and-more', { rows }) : rows }),
  })
}

function hashSet(list: HashSetInfo): Markup {
  return html`<h3>${list.name}${editionText(list)}</h3>
<dl class="facts">
<div><dt>Declared</dt><dd>${list.meaning === null ? say('declared-scale', list.scale === null ? {} : { scale: list.scale }) : say('declared-meaning', { meaning: MEANING_WORDS[list.meaning] })}</dd></div>
<div><dt>Format</dt><dd>${list.format}: ${list.formatReason}</dd></div>
<div><dt>Rows</dt><dd>${rowsText(list)}</dd></div>
<div><dt>${say('sha-of-the-file')}</dt><dd><code>${list.sha256}</code>, ${formatBytes(list.sizeBytes)}</dd></div>
${list.notes.map((note) => html`<div><dt>Note</dt><dd>${note}</dd></div>`)}
</dl>
`
}

function suppressed(ledger: EntryTotals): Markup {
  const rows = ledger.suppressed()
  return html`<h3 id="suppressed">${say('known-contents-not-examined')}</h3>
<p>${say('a-content-that-a')}</p>
${
  rows.length === 0
    ? html`<p class="none">${say('no-content-was-set')}</p>`
    : html`<table class="numbers"><thead><tr><th scope="col">List</th><th scope="col" class="n">Contents set aside</th></tr></thead><tbody>${rows.map((row) => html`<tr><th scope="row">${row.hashSet}</th><td class="n">${formatCount(row.contents)}</td></tr>`)}</tbody></table>`
}
`
}

function modelUse(model: ModelUse, card: ModelCard | undefined): Markup {
  const thresholds = Object.entries(model.thresholds)
  return html`<h3>${card?.title ?? model.id}</h3>
<dl class="facts">
<div><dt>${say('name-in-this-report')}</dt><dd>${model.id}</dd></div>
<div><dt>SHA-256</dt><dd><code>${model.sha256}</code></dd></div>
<div><dt>Thresholds</dt><dd>${thresholds.length === 0 ? say('none-of-its-own') : thresholds.map(([label, value]) => `${label} ${decimal(value)}`).join(', ')}</dd></div>
${card ? cardFacts(card) : withoutCard(model)}
</dl>
`
}

/** A score that several models produce together has no card of its own. */
function withoutCard(model: ModelUse): Markup {
  if (isAgencyUse(model)) return html`<div><dt>Model card</dt><dd>${say('the-agencys-own-sealed')}</dd></div>`
  const measured = measuredErrors(model.id)
  if (measured.length === 0) return html`<div><dt>Model card</dt><dd>${say('none-at-hand-where')}</dd></div>`
  return html`<div><dt>Model card</dt><dd>${say('those-of-the-models')}</dd></div>
<div><dt>Measured error</dt><dd>${bullets(measured.map((words) => `${words}.`))}</dd></div>
<div><dt>Never measured</dt><dd>${say('how-much-it-finds')}</dd></div>`
}

function cardFacts(card: ModelCard): Markup {
  const rows: [string, Content][] = [
    ['Origin', card.origin],
    ['Licence', card.licence],
    ['Trained on', card.trainingData],
    ['Accuracy as published', card.publishedAccuracy],
    ['Measured error', bullets(card.operatingPoints)],
    ['Known failures', bullets(card.knownFailures)],
    ['Never measured', bullets(card.neverMeasured)],
  ]
  return html`${rows.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>
`,
  )}`
}

function bullets(sentences: readonly string[]): Content {
  return sentences.length === 0
    ? 'nothing stated'
    : html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`
}

function thumbnails({ phases }: LedgerReader['plan']): string {
  return phases.includes('unknown') ? say('found-when-the-picture') : say('not-compared-with-the')
}

export function* limits(ledger: ExaminationFacts): Iterable<Markup> {
  const { plan } = ledger
  yield html`<section aria-labelledby="limits"><h2 id="limits">${say('limits-of-each-method')}</h2>
<dl class="terms">
<dt>${ledger.exhibit.image ? 'The listing' : 'The walk'}</dt><dd>${ENGLISH.sentence('exhibit', ledger.exhibit.image ? 'listing-limits' : 'walk-limits')}</dd>
<dt>Exact comparison</dt><dd>${say('finds-a-file-only')}</dd>
<dt>Near matches</dt><dd>${say('find-pictures-that-were')}</dd>
<dt>Picture models</dt><dd>${say('trained-on-adult-material')}</dd>
<dt>Video</dt><dd>${say('frames-are-taken-every')}</dd>
<dt>Apparent age</dt><dd>${say('an-estimate-from-faces')}</dd>
<dt>Text signs</dt><dd>${say('rules-and-small-models')}</dd>
<dt>Chats</dt><dd>${say('chats-limit', { programs: MADE_ALONE.map((one) => PROGRAM_NAMES[one]!).join('; ') })}</dd>
<dt>Containers</dt><dd>${plan.options.open ? say('containers-limit', { depth: plan.limits.containerDepth, members: plan.limits.containerEntries, ratio: plan.limits.containerRatio }) : say('not-opened-in-this')}</dd>
<dt>Thumbnails inside pictures</dt><dd>${thumbnails(plan)}</dd>
<dt>Review priority</dt><dd>${say('orders-work-by-the')}</dd>
</dl></section>
`
}
