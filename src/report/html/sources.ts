/** What the examination leaned on: hash lists, known contents set aside, models, and the limits of each method. */
import type { ModelCard } from '../../classify/model-card.ts'
import type { ModelUse } from '../../contracts/case.ts'
import type { HashSetInfo } from '../../contracts/hash-set.ts'
import type { LedgerReader } from '../../contracts/ledger.ts'
import { isAgencyUse } from '../../terms/agency-scores.ts'
import { formatBytes, formatCount } from '../format.ts'
import { ENGLISH } from '../texts/index.ts'
import { installedCards } from './cards.ts'
import { none } from './cells.ts'
import { type Content, html, type Markup } from './markup.ts'
import { measuredErrors } from './measured-error.ts'
import { decimal, MEANING_WORDS } from './words.ts'

const REJECTED_SHOWN = 10

export function* sources(ledger: LedgerReader): Iterable<Markup> {
  const { hashSets, models } = ledger.plan
  yield html`<section aria-labelledby="lists"><h2 id="lists">3 Hash lists</h2>
<p>What a list means was declared by the operator; nothing is inferred from its format or file name.</p>
`
  if (hashSets.length === 0) yield none('No list was given: no content could be a hit.')
  for (const list of hashSets) yield hashSet(list)
  yield suppressed(ledger)
  yield html`</section>
<section aria-labelledby="models"><h2 id="models">4 Models</h2>
`
  if (models.length === 0) yield none('No model was used: no content could be a lead.')
  const cards = installedCards()
  for (const model of models) yield modelUse(model, cards.get(model.sha256))
  yield html`</section>
`
}

function hashSet(list: HashSetInfo): Markup {
  const rejected = list.rejectedRows.slice(0, REJECTED_SHOWN)
  return html`<h3>${list.name}${list.edition === null ? ', edition not stated' : `, edition ${list.edition}`}</h3>
<dl class="facts">
<div><dt>Declared</dt><dd>${list.meaning === null ? `a list with categories on the scale ${list.scale ?? '(none)'}` : `one of the ${MEANING_WORDS[list.meaning]}`}</dd></div>
<div><dt>Format</dt><dd>${list.format}: ${list.formatReason}</dd></div>
<div><dt>Rows</dt><dd>${formatCount(list.rowsRead)} read, ${formatCount(list.recordsKept)} kept, ${formatCount(list.duplicates)} duplicate, ${formatCount(list.rejected)} rejected${list.rejected === 0 ? '' : `: ${rejected.map((row) => `line ${row.line}, ${row.reason}`).join('; ')}${list.rejected > rejected.length ? '; and more' : ''}`}</dd></div>
<div><dt>SHA-256 of the file</dt><dd><code>${list.sha256}</code>, ${formatBytes(list.sizeBytes)}</dd></div>
${list.notes.map((note) => html`<div><dt>Note</dt><dd>${note}</dd></div>`)}
</dl>
`
}

function suppressed(ledger: LedgerReader): Markup {
  const rows = ledger.suppressed()
  return html`<h3 id="suppressed">Known contents, not examined further</h3>
<p>A content that a list of known contents holds (by SHA-256, or by MD5 and SHA-1 of one record) is not looked at by models. A list of illegal material always prevails.</p>
${
  rows.length === 0
    ? html`<p class="none">No content was set aside.</p>`
    : html`<table class="numbers"><thead><tr><th scope="col">List</th><th scope="col" class="n">Contents set aside</th></tr></thead><tbody>${rows.map((row) => html`<tr><th scope="row">${row.hashSet}</th><td class="n">${formatCount(row.contents)}</td></tr>`)}</tbody></table>`
}
`
}

function modelUse(model: ModelUse, card: ModelCard | undefined): Markup {
  const thresholds = Object.entries(model.thresholds)
  return html`<h3>${card?.title ?? model.id}</h3>
<dl class="facts">
<div><dt>Name in this report</dt><dd>${model.id}</dd></div>
<div><dt>SHA-256</dt><dd><code>${model.sha256}</code></dd></div>
<div><dt>Thresholds</dt><dd>${thresholds.length === 0 ? 'none of its own: its scores are kept and lead to nothing by themselves' : thresholds.map(([label, value]) => `${label} ${decimal(value)}`).join(', ')}</dd></div>
${card ? cardFacts(card) : withoutCard(model)}
</dl>
`
}

/** A score that several models make together has no card of its own. */
function withoutCard(model: ModelUse): Markup {
  if (isAgencyUse(model))
    return html`<div><dt>Model card</dt><dd>the agency's own, sealed: what it was made of and how often it errs is for the agency to say</dd></div>`
  const measured = measuredErrors(model.id)
  if (measured.length === 0)
    return html`<div><dt>Model card</dt><dd>none at hand where this report was made</dd></div>`
  return html`<div><dt>Model card</dt><dd>those of the models that it combines</dd></div>
<div><dt>Measured error</dt><dd>${bullets(measured.map((words) => `${words}.`))}</dd></div>
<div><dt>Never measured</dt><dd>How much it finds of explicit material, and anything on material of child abuse.</dd></div>`
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
  return phases.includes('unknown')
    ? 'Found when the picture is looked at, and then compared with the lists like any file. Those inside pictures that were not looked at (known contents set aside, privileged items, what a scope left out) were not.'
    : 'Not compared with the lists: they are found when a picture is looked at, which was not asked for here.'
}

export function* limits(ledger: LedgerReader): Iterable<Markup> {
  const { plan } = ledger
  yield html`<section aria-labelledby="limits"><h2 id="limits">5 Limits of each method</h2>
<dl class="terms">
<dt>${ledger.exhibit.image ? 'The listing' : 'The walk'}</dt><dd>${ENGLISH.sentence('exhibit', ledger.exhibit.image ? 'listing-limits' : 'walk-limits')}</dd>
<dt>Exact comparison</dt><dd>Finds a file only when every byte is the same. One changed byte, a new size or a new encoding, and it is not found. MD5 and SHA-1 alone can be made to collide; such hits are labelled weak. A list can hold errors.</dd>
<dt>Near matches</dt><dd>Find pictures that were resized or re-encoded. They miss crops, rotations that were not tried and heavy edits, and they can bring together different pictures, plain ones above all.</dd>
<dt>Picture models</dt><dd>Trained on adult material and ordinary photos, not on child abuse material; none was validated on it. Only their false alarms on ordinary photos were measured: how much explicit material they find is unknown. Soft head-and-shoulder portraits are marked more often than other ordinary photos. Swimwear, bathing and bare-chested family photos, dark, rotated or heavily compressed pictures were not measured and are expected to be worse.</dd>
<dt>Video</dt><dd>Frames are taken every second and at changes of scene; of a long video at points over its whole length. At most 72 different frames are scored, and where more than 16 call for the slow models, those see only the 16 that the quick ones score highest: the attributes of each such video say of how many frames this is so. What lies between the frames taken was not seen.</dd>
<dt>Apparent age</dt><dd>An estimate from faces; never an age. It misses Black minors more often than White (77 % against 94 % found at 0.35), misses 16–17-year-olds often, and marks Asian adults and women too often. Without a face there is no estimate, and that lowers nothing.</dd>
<dt>Text signs</dt><dd>Rules and small models for written text, with quotes of at most 200 characters. They do not understand a conversation; irony, slang and other languages mislead them.</dd>
<dt>Containers</dt><dd>${plan.options.open ? `Opened up to ${plan.limits.containerDepth} levels deep, ${formatCount(plan.limits.containerEntries)} members and a ratio of ${formatCount(plan.limits.containerRatio)}; what lies beyond, or is encrypted, is counted as not done.` : 'Not opened in this examination: nothing inside an archive was examined.'}</dd>
<dt>Thumbnails inside pictures</dt><dd>${thumbnails(plan)}</dd>
<dt>Review priority</dt><dd>Orders work by the strongest sign. It never falls because a sign is missing, and no content is cleared by having none.</dd>
</dl></section>
`
}
