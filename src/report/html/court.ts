/** The court's edition in HTML: results first, all text in the reader's language, figures as drawn bars, no script. */
import type { Bar } from '../court/charts.ts'
import type { CourtContent } from '../court/content-row.ts'
import { GROUPS } from '../court/contents.ts'
import type { CourtReport } from '../court/report.ts'
import type { Row } from '../court/row.ts'
import type { CourtKey } from '../court/texts.ts'
import { longTable } from '../pages/long-table.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'
import { contentsOfReport, sectionsOf } from './court-contents.ts'

export function* courtBody(report: CourtReport, english: CourtReport | null): Iterable<Markup> {
  yield* edition(report, true)
  if (english) {
    yield html`<section lang="en" class="annexed"><h2>${report.texts.say('h-english')}</h2>
`
    yield* edition(english, false)
    yield html`</section>
`
  }
}

/** @param isFirst false for the annexed English text, which repeats no table without words of its own */
function* edition(report: CourtReport, isFirst: boolean): Iterable<Markup> {
  yield* pageOne(report, isFirst)
  if (isFirst) {
    yield contentsOfReport(report)
    yield* listed(report)
    const changes = differences(report)
    if (changes) yield changes
    yield charts(report)
  }
  yield* recordBehind(report, isFirst)
  if (sectionsOf(report).some(([id]) => id === 'annex')) yield leads(report, isFirst)
  yield standards(report, isFirst)
  if (isFirst) {
    yield signature(report)
    if (report.custodyLog !== null && report.custodyLog.length > 0)
      yield* custodyLog(report, report.custodyLog)
  }
  yield html`<p class="end"><strong>${report.end}</strong></p>
`
}

function* pageOne(report: CourtReport, isFirst: boolean): Iterable<Markup> {
  const say = sayer(report)
  const [result, ...more] = report.results
  yield html`<div class="first"><header>
<p class="kicker">${report.title}</p>
<h1>${report.about}</h1>
<p class="state${report.state.isGood ? '' : ' partial'}">${report.state.words}</p>
${report.unreviewed.map((sentence, i) => html`<p class="left-out"${i > 0 ? html` lang="en"` : null}>${sentence}</p>`)}
</header>
<section${at(isFirst, 'results')}><h2>${say('h-results')}</h2>
<p class="result"><strong>${result!}</strong></p>
<ul class="tight">${[...more, ...report.numbers].map((sentence) => html`<li>${sentence}</li>`)}<li>${say('about-model')}</li></ul>
${report.found.length === 0 ? null : table(FOUND_HEADS.map(say), report.found, 'found')}</section>
${isFirst ? exhibits(report) : null}${isFirst ? several(report) : null}<section${at(isFirst, 'not-examined')}><h2>${say('h-not-examined')}</h2>
${table(
  ['c-stage', 'c-reason', 'c-entries'].map((key) => say(key as CourtKey)),
  report.notExamined,
  'reasons',
)}<p class="note">${say('unread-later')}</p></section>
<section${at(isFirst, 'lab')}><h2>${say('h-lab')}</h2>
<dl class="facts">${report.lab.map(([name, value]) => html`<div><dt>${name!}</dt><dd>${value!}</dd></div>`)}</dl>
${report.missing === null ? null : html`<p class="left-out">${report.missing}</p>`}
${report.notes.map((note) => html`<p class="note">${note}</p>`)}</section></div>
`
}

const FOUND_HEADS = ['c-meaning', 'c-why', 'c-contents', 'c-places', 'c-weak'] as const

/** One table for each meaning: illegal, of interest, and contents that only persons decided on. */
function* listed(report: CourtReport): Iterable<Markup> {
  const say = sayer(report)
  yield html`<section id="listed"><h2>${say('h-listed')}</h2><p>${say('about-content')} ${say('about-hit')} ${say('about-decision')} ${say('about-place')}</p>
`
  yield html`${categories(report)}`
  if (report.contents.length === 0) yield html`<p class="none">–</p>`
  for (const group of GROUPS) {
    const rows = report.contents.filter((one) => one.group === group)
    if (rows.length === 0) continue
    yield html`<h3>${say(`h-${group}`)} (${report.texts.custom.count(rows.length)})</h3>
`
    yield* longTable({
      className: 'rows',
      head: html`<th scope="col" class="place">${say('c-place')}</th><th scope="col">${say('c-why')}</th><th scope="col">${say('c-decision')}</th>`,
      rows,
      row: contentRow,
    })
  }
  yield html`${report.moreContents === null ? null : html`<p class="left-out">${report.moreContents}</p>`}</section>
`
}

function categories({ texts, categories: rows }: CourtReport): Content {
  if (rows.length === 0) return null
  const heads = ['c-scale', 'c-category', 'c-label', 'c-meant'] as const
  return html`<h3>${texts.say('h-categories')}</h3>${table(
    heads.map((key) => texts.say(key)),
    rows,
    'categories',
  )}`
}

function contentRow(one: CourtContent): Markup {
  return html`<tr><th scope="row" class="place">${one.places.map(({ path, remark }) => html`<div><bdi dir="ltr" class="path">${path}</bdi>${remark === null ? null : html` <span class="meta">(${remark})</span>`}</div>`)}${one.morePlaces === null ? null : html`<p class="copy">${one.morePlaces}</p>`}<p class="meta">${one.mediaType}, ${one.size}</p><p class="meta">SHA-256 <code>${one.sha256}</code></p></th><td>${one.lists.length === 0 ? '–' : one.lists.map((line) => html`<div>${line}</div>`)}</td><td>${one.decisions.length === 0 ? '–' : one.decisions.map((line) => html`<div>${line}</div>`)}${one.outcomes.map((line) => html`<div class="quiet">${line}</div>`)}</td></tr>
`
}

function* recordBehind(report: CourtReport, isFirst: boolean): Iterable<Markup> {
  const say = sayer(report)
  yield html`<section${at(isFirst, 'method')}><h2>${say('h-method')}</h2><ul>${report.method.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${isFirst ? table([say('c-list'), say('c-records'), say('c-digest')], report.lists, 'lists') : null}</section>
<section${at(isFirst, 'digests')}><h2>${say('h-digests')}</h2>
${isFirst ? table([say('c-what'), say('c-digest')], report.digests, 'digests-short') : null}
<ol>${report.check.map((sentence) => html`<li>${sentence}</li>`)}</ol>
<h3>${say('signatures')}</h3><ul>${report.signatures.map((line) => html`<li>${line}</li>`)}</ul></section>
<section${at(isFirst, 'custody')}><h2>${say('h-custody')}</h2><p>${
    report.custodyLog === null
      ? say('custody-withheld')
      : report.texts.say('custody-annexed', { events: report.custodyEvents })
  }</p>
${table((['c-event', 'c-times', 'c-first', 'c-last', 'c-who'] as const).map(say), report.custody, 'sums')}</section>
`
}

function leads(report: CourtReport, isFirst: boolean): Markup {
  const [first, ...rows] = report.leads
  return html`<section${at(isFirst, 'annex')}><h2>${report.texts.say('h-annex')}</h2>${first === undefined ? null : html`<p>${first}</p>`}<ul>${rows.map((line) => html`<li>${line}</li>`)}</ul>
${report.models.map((sentence) => html`<p>${sentence}</p>`)}</section>
`
}

function standards(report: CourtReport, isFirst: boolean): Markup {
  const say = sayer(report)
  const heads = [say('c-asked'), 'ISO/IEC 17025:2017', 'ISO 21043-5:2025', say('c-answered')]
  return html`<section${at(isFirst, 'standards')}><h2>${say('h-standards')}</h2><p>${say('std-about')}</p>${table(heads, report.standards, 'standards')}</section>
`
}

/** Signature lines, one set for each examiner; kept on one page in print. */
function signature(report: CourtReport): Markup {
  return html`<section id="sign" class="sign"><h2>${report.texts.say('h-sign')}</h2><dl>${report.sign.map(({ label, value }) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>
`
}

function* custodyLog(report: CourtReport, rows: readonly Row[]): Iterable<Markup> {
  const say = sayer(report)
  yield html`<section id="custody-log" class="annexed"><h2>${say('h-log')}</h2><p>${say('about-log')}</p>
`
  yield* longTable({
    className: 'rows log',
    head: html`${(['c-when', 'c-event', 'c-who', 'c-what'] as const).map((key) => html`<th scope="col" class="${key}">${say(key)}</th>`)}`,
    rows,
    row: cells,
  })
  yield html`</section>
`
}

function differences({ texts, diff }: CourtReport): Markup | null {
  if (diff === null) return null
  const heads = (['c-what', 'c-change', 'c-cause'] as const).map((key) => texts.say(key))
  return html`<section id="diff"><h2>${texts.say('h-diff')}</h2>${diff.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${diff.rows.length === 0 ? null : table(heads, diff.rows, 'changes')}</section>
`
}

function exhibits({ texts, exhibits: rows }: CourtReport): Markup | null {
  if (rows.length === 0) return null
  const heads = ['c-exhibit', 'c-record', 'c-read', 'c-left', 'c-unseen', 'c-listed', 'c-decided'] as const
  return html`<section id="exhibits"><h2>${texts.say('h-exhibits')}</h2>${table(
    heads.map((key) => texts.say(key)),
    rows,
    'exhibits',
  )}</section>
`
}

/** Pairs of exhibits with contents in common. */
function several({ texts, several: { rows, more } }: CourtReport): Markup | null {
  if (rows.length === 0) return null
  const heads = (['c-exhibits', 'c-shared', 'c-shared-listed'] as const).map((key) => texts.say(key))
  return html`<section id="several"><h2>${texts.say('h-several')}</h2><p>${texts.say('about-several')}</p>${table(heads, rows, 'several')}${more === null ? null : html`<p class="left-out">${more}</p>`}</section>
`
}

function charts({ texts, charts: { bytes, months } }: CourtReport): Markup {
  const shown = [
    [texts.say('c-class'), bytes],
    [texts.say('c-month'), months],
  ] as const
  return html`<section id="charts"><h2>${texts.say('h-charts')}</h2>${shown.filter(([, bars]) => bars.length > 0).map(([title, bars]) => drawn(title, bars))}</section>
`
}

const BAR_PX = 300

/** One row for each bar, with its label and its number as text: length and colour alone carry no information. */
function drawn(title: string, bars: readonly Bar[]): Markup {
  return html`<table class="bars"><caption>${title}</caption><tbody>${bars.map(
    ({ label, value, share }) =>
      html`<tr><th scope="row">${label}</th><td><svg viewBox="0 0 ${BAR_PX} 10" preserveAspectRatio="none" width="100%" height="10" aria-hidden="true"><rect width="${Math.max(1, Math.round(share * BAR_PX))}" height="10" fill="#555"></rect></svg></td><td>${value}</td></tr>`,
  )}</tbody></table>`
}

function sayer({ texts }: CourtReport): (key: CourtKey) => string {
  return (key) => texts.say(key)
}

/** Sections of the annexed English text have no names of their own. */
function at(isFirst: boolean, id: string): Markup | null {
  return isFirst ? html` id="${id}"` : null
}

function table(heads: readonly string[], rows: readonly Row[], className: string): Content {
  if (rows.length === 0) return html`<p class="none">–</p>`
  return html`<table class="${className}"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map(cells)}</tbody></table>`
}

function cells(row: Row): Markup {
  return html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>
`
}
