/** Findings in numbers, on page one: places, contents and list records of each meaning. */
import { PRIORITIES, PUT_LAST } from '../../contracts/finding.ts'
import type { EntryTotals, EntryViews, ExaminationFacts } from '../../contracts/ledger-reader.ts'
import { formatCount } from '../texts/format.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { say, sayMarked } from '../texts/say.ts'
import type { Count } from './count.ts'
import { type Entries, isWithholding } from './entries.ts'
import type { Findings } from './gather.ts'
import { MEANING_WORDS } from './words.ts'

export function* whatWasFound(
  ledger: EntryTotals & EntryViews & ExaminationFacts,
  findings: Findings,
  entries: Entries,
): Iterable<Markup> {
  const summary = ledger.summary()
  const { byMeaning, weakByMeaning } = findings
  yield html`<section aria-labelledby="counts"><h2 id="counts">${say('found-in-numbers')}</h2>
<table class="numbers"><thead><tr><th scope="col">Meaning</th><th scope="col" class="n">Places<small>${say('names-on-the-exhibit')}</small></th><th scope="col" class="n">Contents<small>distinct files</small></th><th scope="col" class="n">List records<small>that agree</small></th></tr></thead><tbody>
${countRow(html`<a href="#hits">Hits</a> on ${MEANING_WORDS.illegal}`, byMeaning.illegal, 'strong')}
${weakRow(weakByMeaning.illegal)}
${countRow(html`<a href="#hits">Hits</a> on ${MEANING_WORDS.interest}`, byMeaning.interest)}
${weakRow(weakByMeaning.interest)}
${countRow(sayMarked('conflicts-row', { link: html`<a href="#conflicts">${say('word-conflicts')}</a>` }), findings.conflicts.count)}
${countRow(sayMarked('near-row', { link: html`<a href="#near">${say('word-near-matches')}</a>` }), findings.near.count)}
${leadsRow(ledger, findings, entries)}
${countRow(sayMarked('text-signs-row', { link: html`<a href="#review">${say('word-text-signs')}</a>` }), findings.signals.count, '', false)}
${PRIORITIES.map((priority) => countRow(say(priority === PUT_LAST ? 'priority-row-last' : 'priority-row', { priority: String(priority) }), findings.review.get(priority)!.count, 'sub', false, true))}
${countRow(say('known-row', { meaning: MEANING_WORDS.known }), entries.known)}
</tbody><tfoot><tr><th scope="row">All</th><td class="n">${formatCount(ledger.placeCount())}</td><td class="n">${formatCount(summary.contents)}</td><td class="n">–</td></tr></tfoot></table>${disagreement(ledger, findings, entries)}</section>
`
}

/** Leads to look at; on the same line how many more were put last. */
function leadsRow(
  ledger: EntryTotals & ExaminationFacts,
  { leads, review }: Findings,
  { shown }: Entries,
): Markup | null {
  const link = html`<a href="#review">${say('word-leads')}</a>`
  const last = review.get(PUT_LAST)!.count
  if (last.entries === 0) return countRow(sayMarked('leads-row', { link }), leads.count, '', false)
  const { leadsPutLast = 0, entries } = ledger.summary()
  // A content can lie at several places, of which only one is of a program; of withheld ones the report knows nothing.
  const contents = isWithholding(ledger) && shown < entries ? last.contents : leadsPutLast
  const count = {
    ...leads.count,
    entries: leads.count.entries - last.entries,
    contents: leads.count.contents - contents,
  }
  return countRow(sayMarked('leads-row-and-last', { link }, { last: contents }), count, '', false)
}

/**
 * Compares the ledger's own summary, counted when it was written, with the numbers counted now. They must agree, except
 * for privileged items: the summary counts them and the report may not.
 */
function disagreement(
  ledger: EntryTotals & ExaminationFacts,
  findings: Findings,
  { shown }: Entries,
): Markup | null {
  const summary = ledger.summary()
  const withheld = isWithholding(ledger) && shown < summary.entries
  const pairs = [
    ['entries', summary.entries, shown],
    [say('contents-with-conflicts'), summary.conflicts, findings.conflicts.count.contents],
    [say('contents-with-near'), summary.near, findings.near.count.contents],
    [say('contents-with-leads'), summary.leads, findings.leads.count.contents],
  ] as const
  const wrong = pairs.filter(([, told, counted]) => (withheld ? counted > told : counted !== told))
  if (wrong.length === 0) return null
  return html`<p class="left-out">${sayMarked('disagreement', { state: html`<strong>${say('does-not-agree')}</strong>` }, { differences: wrong.map(([what, told, counted]) => say('summary-tells', { what, told, counted })).join('; ') })}</p>`
}

/** @param optional the row is left out when its count is zero */
function countRow(
  label: Content,
  count: Count,
  className: '' | 'strong' | 'sub' = '',
  records = true,
  optional = false,
): Markup | null {
  if (optional && count.entries === 0) return null
  return html`<tr class="${className}"><th scope="row">${label}</th><td class="n">${formatCount(count.entries)}</td><td class="n">${formatCount(count.contents)}</td><td class="n">${records ? formatCount(count.records) : '–'}</td></tr>`
}

function weakRow(count: Count): Markup | null {
  return countRow(say('weak-row'), count, 'sub', true, true)
}
