/** The laboratory's state as a static page: no script, no external resource, reloaded by the browser. */
import { formatBytes, formatCount } from '../../report/texts/format.ts'
import { type Content, html } from '../../report/texts/markup.ts'
import { resultWords } from '../batch/words.ts'
import type { ExhibitStatus, HostStatus, LabStatus } from '../queue/status.ts'
import { notesOn, SILENT_S, soFar } from './notes.ts'
import { SECTIONS, type Section, sectionsOf } from './sections.ts'
import { EXHIBIT_WORDS, SECTION_WORDS, LAB_WORDS as W } from './words.ts'

/** Rows of a page of exhibits that were examined before today. */
const PAGE_ROWS = 200

/** @param title of the window and the page. @param reloadSeconds null: a page that is kept, such as a report */
export function statusPage(status: LabStatus, title: string, reloadSeconds: number | null): string {
  return pageOf(status, title, reloadSeconds, tables(SECTIONS, status))
}

/**
 * The state as one page of today's work, and further pages of earlier exhibits, 200 each.
 *
 * @param name file name of the first page, to which the others link
 * @returns file names and texts, the first page first
 */
export function statusPages(
  status: LabStatus,
  title: string,
  reloadSeconds: number | null,
  name: string,
): readonly (readonly [file: string, page: string])[] {
  const { before } = sectionsOf(status)
  const count = Math.ceil(before.length / PAGE_ROWS)
  const fileOf = (page: number) => `${name.replace(/\.html?$/i, '')}-${page}.html`
  const links = Array.from({ length: count }, (_, i) => html`<a href="${fileOf(i + 1)}">${i + 1}</a> `)
  const pager = count === 0 ? '' : html`<p>${W.before(before.length)}: ${links}</p>`
  const today = SECTIONS.filter((section) => section !== 'before')
  const first = pageOf(status, title, reloadSeconds, html`${tables(today, status)}${pager}`)
  const rest = Array.from({ length: count }, (_, i) => {
    const rows = before.slice(i * PAGE_ROWS, (i + 1) * PAGE_ROWS)
    const back = html`<p><a href="${name}">${W.first}</a></p>`
    // Without its time, so that a page on which nothing changed stays as it is.
    const own = { ...status, asides: [], hosts: [], utc: '' }
    return [fileOf(i + 1), pageOf(own, title, null, html`${back}${table('before', rows)}${pager}`)] as const
  })
  return [[name, first], ...rest]
}

function tables(sections: readonly Section[], status: LabStatus): Content {
  const all = sectionsOf(status)
  return html`${sections.filter((one) => all[one].length > 0).map((one) => table(one, all[one]))}`
}

function table(section: Section, exhibits: readonly ExhibitStatus[]): Content {
  return html`<h2>${SECTION_WORDS[section]} (${formatCount(exhibits.length)})</h2>
<table><thead><tr><th>${W.case}</th><th>${W.exhibit}</th><th>${W.priority}</th><th>${W.state}</th><th>${W.at}</th><th>${W.result}</th></tr></thead>
<tbody>${exhibits.map(exhibitRow)}</tbody></table>
`
}

function pageOf(
  { exhibits, asides, hosts, utc }: LabStatus,
  title: string,
  reloadSeconds: number | null,
  body: Content,
): string {
  const done = exhibits.filter(({ state }) => state === 'finished').length
  const share = exhibits.length === 0 ? 0 : Math.round((100 * done) / exhibits.length)
  return `<!doctype html>\n${html`<html lang="en">
<head><meta charset="utf-8"><title>${title}</title>
${reloadSeconds === null ? '' : html`<meta http-equiv="refresh" content="${reloadSeconds}">`}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 80rem }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top }
code { font-size: .8em; overflow-wrap: anywhere }
.alarm { font-weight: bold; border-left: .4rem solid #a00; padding-left: .4rem }
</style></head>
<body>
<h1>${title}</h1>
${utc === '' ? '' : html`<p>${W.written}: ${utc}</p>`}
<p><progress max="100" value="${share}">${share} %</progress> ${W.counted(done, exhibits.length)}</p>
<p>${W.caution}</p>
${asides.map((one) => html`<p class="alarm">${one.case ?? ''} ${one.exhibit ?? ''}: ${W.aside(one.id, one.host, one.why)}</p>`)}
${body}
${hosts.length === 0 ? '' : hostTable(hosts)}
</body></html>`}\n`
}

function hostTable(hosts: readonly HostStatus[]) {
  return html`<h2>${W.hosts}</h2>
<table><thead><tr><th>${W.host}</th><th>${W.state}</th><th>${W.free}</th><th>${W.heard}</th></tr></thead>
<tbody>${hosts.map(hostRow)}</tbody></table>`
}

function exhibitRow(one: ExhibitStatus) {
  const { entriesDone, entriesTotal } = one.progress ?? {}
  const bar =
    one.state === 'claimed' &&
    typeof entriesDone === 'number' &&
    typeof entriesTotal === 'number' &&
    entriesTotal > 0
      ? html`<progress max="${entriesTotal}" value="${entriesDone}">${entriesDone}</progress> `
      : ''
  const result = one.state === 'claimed' && one.progress !== null ? soFar(one) : resultWords(one)
  const notes = notesOn(one, true)
  return html`<tr><td>${one.case}</td><td>${one.exhibit}</td><td>${one.priority}</td>
<td>${EXHIBIT_WORDS[one.state] ?? one.state}${one.held ? `, ${W.held}` : ''}${one.attempts > 1 ? `, ${one.attempts} ${W.attempts}` : ''}</td>
<td>${one.host ?? ''}</td>
<td>${bar}${result}${one.ledgerSha256 === null ? '' : html`<br><code>${one.ledgerSha256}</code>`}
${notes.map(({ text, alarm }) => html`<div${alarm ? html` class="alarm"` : ''}>${text}</div>`)}</td></tr>
`
}

function hostRow({ name, state, drained, freeBytes, ageSeconds }: HostStatus) {
  const said = ageSeconds > SILENT_S ? W.silent : drained ? W.drained : state
  return html`<tr><td>${name}</td><td>${said}</td><td>${formatBytes(freeBytes)}</td><td>${W.ago(Number(ageSeconds))}</td></tr>
`
}

/** Of one case, to be kept. @param shared `CASE/EXHIBIT` → contents that it shares with others */
export function casePage(status: LabStatus, title: string, shared: ReadonlyMap<string, number>): string {
  return statusPage(
    {
      ...status,
      exhibits: status.exhibits.map((one) => {
        const contents = shared.get(`${one.case}/${one.exhibit}`) ?? 0
        return contents === 0 ? one : { ...one, shared: contents }
      }),
      hosts: [],
    },
    title,
    null,
  )
}
