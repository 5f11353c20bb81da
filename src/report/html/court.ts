/** The court's edition in HTML: results first, everything in its reader's language, pictures as drawn bars, no script. */
import type { Bar } from '../court/charts.ts'
import type { CourtContent } from '../court/contents.ts'
import type { CourtReport } from '../court/report.ts'
import type { Row } from '../court/row.ts'
import type { CourtKey } from '../court/texts.ts'
import { longTable } from '../pages/long-table.ts'
import { type Content, html, type Markup } from '../texts/markup.ts'

/** What the sheet of both editions has not. */
export const COURT_STYLE = `
figure { margin: .8em 0; }
figcaption { font: 600 .86em var(--sans); }
svg text { font-family: var(--sans); }
.result { font-size: 1.15em; }
.end { text-align: center; margin: 2em 0; }
nav.contents a { display: block; }
@media print { nav.contents { break-before: auto; } nav.contents a::after { content: leader(".") target-counter(attr(href url), page); } }
.annexed { break-before: page; margin-top: 3em; border-top: 6px double var(--ink); }
`

export function* courtBody(report: CourtReport, english: CourtReport | null): Iterable<Markup> {
  yield* edition(report, true)
  if (!english) return
  yield html`<section lang="en" class="annexed"><h2>${report.texts.say('h-english')}</h2>
`
  yield* edition(english, false)
  yield html`</section>
`
}

/** @param isFirst the annexed English text repeats no table that has no words of its own */
function* edition(report: CourtReport, isFirst: boolean): Iterable<Markup> {
  const { texts } = report
  const say = (key: CourtKey) => texts.say(key)
  yield html`<div class="first"><header>
<p class="kicker">${report.title}</p>
<h1>${report.about}</h1>
<p class="state${report.state.isGood ? '' : ' partial'}">${report.state.words}</p>
${report.unreviewed.map((sentence, i) => html`<p class="left-out"${i > 0 ? html` lang="en"` : null}>${sentence}</p>`)}
</header>
<section${at(isFirst, 'results')}><h2>${say('h-results')}</h2>
<p class="result"><strong>${report.results[0]!}</strong></p>
<ul class="tight">${[...report.results.slice(1), ...report.numbers].map((sentence) => html`<li>${sentence}</li>`)}<li>${say('about-model')}</li></ul></section>
${isFirst ? exhibits(report) : null}<section${at(isFirst, 'not-examined')}><h2>${say('h-not-examined')}</h2>
${table([say('c-stage'), say('c-reason'), say('c-entries')], report.notExamined, isFirst ? 12 : 0)}</section>
<section${at(isFirst, 'lab')}><h2>${say('h-lab')}</h2>
<dl class="facts">${report.lab.map(([name, value]) => html`<div><dt>${name!}</dt><dd>${value!}</dd></div>`)}</dl>
${report.missing === null ? null : html`<p class="left-out">${report.missing}</p>`}
${report.notes.map((note) => html`<p class="note">${note}</p>`)}</section></div>
`
  if (isFirst) yield tableOfContents(report)
  if (isFirst) yield* contentsTable(report)
  if (isFirst) {
    const changes = differences(report)
    if (changes) yield changes
    yield charts(report)
  }
  if (isFirst && report.notExamined.length > 12)
    yield html`<section><h2>${say('h-not-examined')}</h2>${table([say('c-stage'), say('c-reason'), say('c-entries')], report.notExamined, report.notExamined.length)}</section>
`
  yield html`<section${at(isFirst, 'method')}><h2>${say('h-method')}</h2><ul>${report.method.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${isFirst ? table([say('c-list'), say('c-entries'), say('c-digest')], report.lists, report.lists.length) : null}</section>
<section${at(isFirst, 'digests')}><h2>${say('h-digests')}</h2>
${isFirst ? table([say('c-what'), say('c-digest')], report.digests, report.digests.length) : null}
<ol>${report.check.map((sentence) => html`<li>${sentence}</li>`)}</ol>
<h3>${say('signatures')}</h3><ul>${report.signatures.map((line) => html`<li>${line}</li>`)}</ul></section>
`
  if (isFirst)
    yield html`<section id="custody"><h2>${say('h-custody')}</h2>${table([say('c-when'), say('c-event'), say('c-who'), say('c-what')], report.custody, report.custody.length)}</section>
`
  if (report.leads.length > 0)
    yield html`<section${at(isFirst, 'annex')}><h2>${say('h-annex')}</h2><p>${report.leads[0]!}</p><ul>${report.leads.slice(1).map((line) => html`<li>${line}</li>`)}</ul></section>
`
  yield html`<p class="end"><strong>${report.end}</strong></p>
`
}

/** Sections of the annexed English text have no names of their own. */
function at(isFirst: boolean, id: string): Markup | null {
  return isFirst ? html` id="${id}"` : null
}

/** Page numbers in print where the program that prints knows them (CSS Generated Content, target-counter). */
function tableOfContents({ texts, exhibits, leads, diff }: CourtReport): Markup {
  const sections: readonly (readonly [id: string, title: CourtKey])[] = [
    ['results', 'h-results'],
    ...(exhibits.length > 0 ? ([['exhibits', 'h-exhibits']] as const) : []),
    ['not-examined', 'h-not-examined'],
    ['lab', 'h-lab'],
    ['listed', 'h-listed'],
    ...(diff === null ? [] : ([['diff', 'h-diff']] as const)),
    ['charts', 'h-charts'],
    ['method', 'h-method'],
    ['digests', 'h-digests'],
    ['custody', 'h-custody'],
    ...(leads.length > 0 ? ([['annex', 'h-annex']] as const) : []),
  ]
  return html`<nav class="contents" aria-labelledby="contents"><h2 id="contents">${texts.say('h-contents')}</h2><ol>${sections.map(([id, title]) => html`<li><a href="#${id}">${texts.say(title)}</a></li>`)}</ol></nav>
`
}

function differences({ texts, diff }: CourtReport): Markup | null {
  if (diff === null) return null
  return html`<section id="diff"><h2>${texts.say('h-diff')}</h2>${diff.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${
  diff.rows.length === 0
    ? null
    : table(
        (['c-what', 'c-change', 'c-cause'] as const).map((key) => texts.say(key)),
        diff.rows,
        diff.rows.length,
      )
}</section>
`
}

function* contentsTable(report: CourtReport): Iterable<Markup> {
  const { texts } = report
  yield html`<section id="listed"><h2>${texts.say('h-listed')}</h2><p>${texts.say('about-hit')} ${texts.say('about-decision')}</p>
`
  yield* longTable({
    className: 'rows',
    head: html`<th scope="col" class="place">${texts.say('c-place')}</th><th scope="col">${texts.say('c-why')}</th><th scope="col">${texts.say('c-decision')}</th>`,
    rows: report.contents,
    row: (one) => contentRow(one, texts.say('about-weak')),
  })
  yield html`${report.moreContents === null ? null : html`<p class="left-out">${report.moreContents}</p>`}</section>
`
}

function exhibits({ texts, exhibits: rows }: CourtReport): Markup | null {
  if (rows.length === 0) return null
  const heads = ['exhibit', 'c-record', 'c-read', 'c-left', 'c-unseen'] as const
  return html`<section id="exhibits"><h2>${texts.say('h-exhibits')}</h2>${table(
    heads.map((key) => texts.say(key)),
    rows,
    rows.length,
  )}</section>
`
}

function contentRow(one: CourtContent, weak: string): Markup {
  return html`<tr><th scope="row" class="place">${one.places.map((place) => html`<div><bdi dir="ltr" class="path">${place}</bdi></div>`)}${one.morePlaces === null ? null : html`<p class="copy">${one.morePlaces}</p>`}<p class="meta">${one.mediaType}, ${one.size}${one.remark === null ? '' : `, ${one.remark}`}</p><p class="meta">SHA-256 <code>${one.sha256}</code></p></th><td>${one.lists.map((line) => html`<div>${line}</div>`)}${one.isWeak ? html`<p class="quiet">${weak}</p>` : null}</td><td>${one.decisions.map((line) => html`<div>${line}</div>`)}${one.outcomes.map((line) => html`<div class="quiet">${line}</div>`)}</td></tr>
`
}

function charts({ texts, charts: { bytes, lists, months } }: CourtReport): Markup {
  const shown = [
    [texts.say('c-class'), bytes],
    [texts.say('h-listed'), lists],
    [texts.say('c-month'), months],
  ] as const
  return html`<section id="charts"><h2>${texts.say('h-charts')}</h2>${shown.filter(([, bars]) => bars.length > 0).map(([title, bars]) => html`<figure><figcaption>${title}</figcaption>${drawn(bars)}</figure>`)}</section>
`
}

const ROW_PX = 22
const LABEL_PX = 220
const WIDTH_PX = 640
const VALUE_PX = 90

/** Bars in lines, each with its label and its number in words: nothing is said by length or colour alone. */
function drawn(bars: readonly Bar[]): Markup {
  const width = WIDTH_PX - LABEL_PX - VALUE_PX
  return html`<svg viewBox="0 0 ${WIDTH_PX} ${bars.length * ROW_PX}" role="img" width="100%">${bars.map(
    ({ label, value, share }, i) =>
      html`<text x="${LABEL_PX - 8}" y="${i * ROW_PX + 15}" text-anchor="end" font-size="12">${short(label)}</text><rect x="${LABEL_PX}" y="${i * ROW_PX + 4}" width="${Math.max(1, Math.round(share * width))}" height="${ROW_PX - 8}" fill="#555"></rect><text x="${LABEL_PX + Math.max(1, Math.round(share * width)) + 6}" y="${i * ROW_PX + 15}" font-size="12">${value}</text>`,
  )}</svg>`
}

function short(label: string): string {
  return label.length > 34 ? `${label.slice(0, 33)}…` : label
}

function table(heads: readonly string[], rows: readonly Row[], most: number): Content {
  if (rows.length === 0) return html`<p class="none">–</p>`
  const shown = rows.slice(0, most)
  if (shown.length === 0) return null
  return html`<table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${shown.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>${rows.length > shown.length ? html`<p class="note">… ${rows.length - shown.length}</p>` : null}`
}
