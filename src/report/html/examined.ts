/** Examined and not examined parts: entries by stage, an image's bytes and volumes, and limits of a mount or image. */

import type {
  EntryTotals,
  ExaminationFacts,
  FileLocks,
  LedgerReader,
  MediumFacts,
} from '../../contracts/ledger-reader.ts'
import { isUnjudged } from '../../contracts/reason.ts'
import { STAGE_OUTCOMES, type StageName } from '../../contracts/stage.ts'
import { countedStages, type Summary } from '../../contracts/view.ts'
import { lockTexts } from '../model/lock-words.ts'
import { unrecognisedEntries } from '../model/unrecognised.ts'
import { bytesText, imageRemarks, volumesTable } from '../pages/medium.ts'
import { formatCount } from '../texts/format.ts'
import { ENGLISH } from '../texts/index.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import { type Entries, isWithholding } from './entries.ts'
import { OUTCOME_WORDS, STAGE_WORDS } from './words.ts'

export function* whatWasExamined(
  ledger: ExaminationFacts & MediumFacts & EntryTotals & FileLocks,
  entries: Entries,
): Iterable<Markup> {
  const summary = ledger.summary()
  const { exhibit } = ledger
  const bytes = bytesText(ledger)
  yield html`<section aria-labelledby="examined"><h2 id="examined">${say('what-was-examined-and')}</h2>
<p>${bytes === null ? null : html`<strong>${bytes}</strong> `}${say(exhibit.image ? 'entries-found-image' : 'entries-found-mount', { entries: summary.entries, contents: summary.contents })} ${summary.complete ? say('all-reached') : sayMarked('not-all-reached', { incomplete: html`<strong>${say('coverage-incomplete')}</strong>`, section: html`<a href="#not-examined">${say('section-2')}</a>` })}</p>
${coverageTable(summary)}${volumesTable(ledger)}
<ul class="tight">
${lockTexts(ledger).map((text) => html`<li><strong>${text}</strong></li>`)}${withheldText(ledger, entries.shown)}${thumbnailsText(ledger)}${sharedLooksText(ledger)}${unrecognisedText(ledger)}${unjudgedText(ledger)}${(exhibit.image ? imageRemarks(ledger, entries.recovered) : notSeen(exhibit)).map((sentence) => html`<li>${sentence}</li>`)}
</ul></section>
`
}

function withheldText(ledger: ExaminationFacts & EntryTotals, shown: number): Markup | null {
  const withheld = ledger.summary().entries - shown
  if (!isWithholding(ledger)) return null
  return html`<li><strong>${say('privileged-given')}</strong> ${withheld === 0 ? say('nothing-withheld') : say('withheld', { entries: withheld })}</li>`
}

/** Thumbnails are not entries yet where no picture was analysed, so the table cannot count them. */
function thumbnailsText({ plan }: ExaminationFacts): Markup | null {
  const { phases } = plan
  if (!phases.includes('known') || phases.includes('unknown')) return null
  return html`<li>${sayMarked('thumbnails-found-when', { what: html`<strong>${say('thumbnails-not-compared')}</strong>` })}</li>`
}

/** The table counts contents that reuse a media analysis as done. */
function sharedLooksText(ledger: EntryTotals): Markup | null {
  const contents = ledger.sharedLooks()
  if (contents === 0) return null
  return html`<li>${sayMarked('looks-shared', { what: html`<strong>${say('looks-shared-contents', { contents })}</strong>` })}</li>`
}

function unrecognisedText(ledger: EntryTotals): Markup | null {
  const entries = unrecognisedEntries(ledger)
  if (entries === 0) return null
  return html`<li>${sayMarked('unrecognised-may-be', { what: html`<strong>${say('unrecognised', { entries })}</strong>` })}</li>`
}

/** The table counts them as looked at with warnings, because they were decoded and compared. */
function unjudgedText(ledger: EntryTotals): Markup | null {
  const entries = ledger
    .reasons()
    .reduce((sum, { reason, entries }) => sum + (isUnjudged(reason) ? entries : 0), 0)
  if (entries === 0) return null
  return html`<li>${sayMarked('unjudged-are', { what: html`<strong>${say('unjudged', { entries })}</strong>` })}</li>`
}

/** Each row adds up to the entries that were walked; where it does not, the table states so. */
export function coverageTable(summary: Summary): Markup {
  return html`<table class="numbers"><thead><tr><th scope="col">Stage</th>${STAGE_OUTCOMES.map((outcome) => html`<th scope="col" class="n">${OUTCOME_WORDS[outcome]}</th>`)}<th scope="col" class="n">all</th></tr></thead><tbody>
${countedStages(summary).map((stage) => coverageRow(stage, summary))}
</tbody></table>`
}

function coverageRow(stage: StageName, summary: Summary): Markup {
  const counts = STAGE_OUTCOMES.map((outcome) => summary.stages[stage][outcome])
  const total = counts.reduce((sum, count) => sum + count, 0)
  return html`<tr><th scope="row">${STAGE_WORDS[stage].title}</th>${counts.map((count) => html`<td class="n">${formatCount(count)}</td>`)}<td class="n">${formatCount(total)}${total === summary.entries ? null : html` <strong>${say('does-not-add-up', { entries: summary.entries })}</strong>`}</td></tr>`
}

/** Limits of a walk over a mount, and which facts its mount options do or do not prove. */
function notSeen({ writable, submounts, remarks }: LedgerReader['exhibit']): Content[] {
  const said = (words: RegExp) => remarks.some((remark) => words.test(remark))
  return [
    ...(writable ? [html`<strong>${ENGLISH.sentence('exhibit', 'writable')}</strong>`] : []),
    ...remarks,
    ...(said(/deleted.*unallocated.*slack.*partitions.*snapshots.*encrypted/s)
      ? []
      : [ENGLISH.sentence('exhibit', 'mount-not-seen')]),
    ...(submounts.length === 0 || said(/mounted below/)
      ? []
      : [
          say('submounts', {
            mounts: submounts
              .map(({ path, fileSystem, writable }) => say('submount', { path, fileSystem, writable }))
              .join(', '),
          }),
        ]),
  ]
}
