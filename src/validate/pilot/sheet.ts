/** The sheet of a pilot: a page to be printed and filled in by hand, or a CSV to be typed into. */
import { html, type Markup } from '../../report/texts/markup.ts'
import { ValidationTexts } from '../model/texts.ts'
import { OWN_QUESTIONS, type Question, SUS } from './questions.ts'

export function sheetPage(language: string): string {
  const texts = new ValidationTexts(language)
  const say = (key: Parameters<ValidationTexts['pilot']>[0]) => texts.pilot(key)
  return `<!doctype html>\n${html`<html lang="${texts.of.language}">
<head><meta charset="utf-8"><title>${say('title')}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 14px/1.45 "Liberation Sans", "Noto Sans", "Noto Sans Bengali", system-ui, sans-serif; margin: 2rem auto; max-width: 48rem; padding: 0 1rem; color: #16181d }
h1 { font-size: 1.4rem; margin: 0 0 .4rem } h2 { font-size: 1.05rem; margin: 1.1rem 0 .3rem } p { margin: .4rem 0 }
table { border-collapse: collapse; width: 100% } th, td { padding: .3rem .35rem; border-bottom: 1px solid #b9bec7; text-align: left; vertical-align: middle } tr { break-inside: avoid }
th.grade { width: 2.2rem; text-align: center; font-weight: 400 } td.grade { text-align: center } .box { display: inline-block; width: 1rem; height: 1rem; border: 1.2px solid #16181d; background: #fff }
.ends { display: flex; justify-content: space-between; font-size: .85em; margin: 0 0 0 auto; width: 14rem } .line { border-bottom: 1px solid #16181d; display: inline-block; min-width: 8rem } .free { border: 1px solid #767c86; height: 4.5rem }
footer { margin-top: 1rem; font-size: .8em; color: #454a53 }
@page { size: A4; margin: 14mm } @media print { body { margin: 0; max-width: none; font-size: 10pt } }
</style></head>
<body>
<h1>${say('title')}</h1>
<p>${say('intro')}</p>
<p>${say('person')}: <span class="line">&nbsp;</span> &emsp; ${say('date')}: <span class="line">&nbsp;</span></p>
<h2>${say('h-sus')}</h2>
<p class="ends"><span>1 = ${say('disagree')}</span></p><p class="ends"><span>5 = ${say('agree')}</span></p>
<table><thead><tr><th scope="col" colspan="2"></th>${GRADES.map((grade) => html`<th scope="col" class="grade">${grade}</th>`)}</tr></thead>
<tbody>${SUS.map(({ id }, i) => html`<tr><td>${i + 1}</td><td>${say(id)}</td>${GRADES.map(() => html`<td class="grade"><span class="box"></span></td>`)}</tr>\n`)}</tbody></table>
<h2>${say('h-own')}</h2>
<table><tbody>${OWN_QUESTIONS.map((question, i) => html`<tr><td>${i + 1}</td><td>${say(question.id)}</td><td>${answerOf(question)}</td></tr>\n`)}</tbody></table>
<p>${say('remarks')}</p><div class="free"></div>
<footer>${say('source')}</footer>
</body></html>`}\n`
}

const GRADES = [1, 2, 3, 4, 5]

function answerOf({ most, least }: Question): Markup {
  return least === 1 && most === 5
    ? html`${GRADES.map((grade) => html`${grade} <span class="box"></span> `)}`
    : html`<span class="line">&nbsp;</span>`
}

/** Columns id, question, answer; the last one is to be filled in. */
export function sheetCsv(language: string): string {
  const texts = new ValidationTexts(language)
  const row = (id: Parameters<ValidationTexts['pilot']>[0]) =>
    `${id},"${texts.pilot(id).replaceAll('"', '""')}",\n`
  const ids = [...SUS, ...OWN_QUESTIONS].map(({ id }) => id)
  return `id,question,answer\n${(['person', 'date'] as const).map(row).join('')}${ids.map(row).join('')}`
}
