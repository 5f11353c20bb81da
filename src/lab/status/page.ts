/** The laboratory's state as a static page: no script, no external resource, reloaded by the browser. */
import { formatBytes, formatCount } from '../../report/texts/format.ts'
import { html } from '../../report/texts/markup.ts'
import { resultWords } from '../batch/words.ts'
import type { ExhibitStatus, HostStatus, LabStatus } from '../queue/status.ts'
import { EXHIBIT_WORDS, LAB_WORDS as W } from './words.ts'

/** @param reloadSeconds null: a page to keep, such as a report */
export function statusPage(
  { exhibits, asides, hosts, utc }: LabStatus,
  title: string,
  reloadSeconds: number | null,
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
<p>${W.written}: ${utc}</p>
<p><progress max="100" value="${share}">${share} %</progress> ${W.counted(done, exhibits.length)}</p>
<p>${W.caution}</p>
${asides.map((one) => html`<p class="alarm">${one.case ?? ''} ${one.exhibit ?? ''}: ${W.aside(one.id, one.host, one.why)}</p>`)}
<h2>${W.exhibits}</h2>
<table><thead><tr><th>${W.case}</th><th>${W.exhibit}</th><th>${W.priority}</th><th>${W.state}</th><th>${W.at}</th><th>${W.result}</th></tr></thead>
<tbody>${exhibits.map(exhibitRow)}</tbody></table>
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
  const notes = [
    ...(one.shared === undefined ? [] : [{ text: W.shared(one.shared), alarm: false }]),
    ...one.earlier.map(({ n, host, state, code }) => ({
      text: W.earlier(n, host, state, code),
      alarm: false,
    })),
    ...one.superseded.map(({ host, same }) => ({ text: W.superseded(host, same), alarm: !same })),
    ...one.takenBack.map(({ fence, utc, why }) => ({ text: W.takenBack(fence, utc, why), alarm: false })),
    ...one.misfits.map(({ host, why }) => ({ text: W.misfit(host, why), alarm: false })),
  ]
  return html`<tr><td>${one.case}</td><td>${one.exhibit}</td><td>${one.priority}</td>
<td>${EXHIBIT_WORDS[one.state] ?? one.state}${one.held ? `, ${W.held}` : ''}${one.attempts > 1 ? `, ${one.attempts} ${W.attempts}` : ''}</td>
<td>${one.host ?? ''}</td>
<td>${bar}${result}${one.ledgerSha256 === null ? '' : html`<br><code>${one.ledgerSha256}</code>`}
${notes.map(({ text, alarm }) => html`<div${alarm ? html` class="alarm"` : ''}>${text}</div>`)}</td></tr>
`
}

/** Hosts send a heartbeat every second, so a minute of silence is long. */
const SILENT_S = 60

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

/** The same for a terminal, a line each. */
export function statusLines({ exhibits, asides, hosts }: LabStatus): string[] {
  return [
    ...asides.map((one) => `${one.case ?? ''} ${one.exhibit ?? ''}: ${W.aside(one.id, one.host, one.why)}`),
    ...exhibits.map(
      (one) =>
        `${one.case.padEnd(12)}  ${one.exhibit.padEnd(16)}  ${String(one.priority).padStart(3)}  ${(EXHIBIT_WORDS[one.state] ?? one.state).padEnd(14)}  ${(one.host ?? '').padEnd(12)}  ${resultWords(one) || progressWords(one)}`,
    ),
    ...exhibits.flatMap((one) => [
      ...one.earlier.map(
        ({ n, host, state, code }) => `${one.case} ${one.exhibit}: ${W.earlier(n, host, state, code)}`,
      ),
      ...one.superseded.map(({ host, same }) => `${one.case} ${one.exhibit}: ${W.superseded(host, same)}`),
      ...one.takenBack.map(
        ({ fence, utc, why }) => `${one.case} ${one.exhibit}: ${W.takenBack(fence, utc, why)}`,
      ),
      ...one.misfits.map(({ host, why }) => `${one.case} ${one.exhibit}: ${W.misfit(host, why)}`),
    ]),
    ...hosts.map(
      ({ name, state, drained, freeBytes, ageSeconds }) =>
        `${name.padEnd(12)}  ${(ageSeconds > SILENT_S ? W.silent : drained ? W.drained : state).padEnd(8)}  ${formatBytes(freeBytes)} ${W.free}, ${W.heard} ${W.ago(Number(ageSeconds))}`,
    ),
  ]
}

function progressWords(one: ExhibitStatus): string {
  const { phase, entriesDone, entriesTotal } = one.progress ?? {}
  return phase === undefined
    ? ''
    : `${phase} ${formatCount(Number(entriesDone ?? 0))}/${formatCount(Number(entriesTotal ?? 0))}, ${soFar(one)}`
}

/** Findings so far, from the scan's own progress; the ledger is not read for them. */
function soFar({ progress }: ExhibitStatus): string {
  return W.soFar(Number(progress?.hits ?? 0), Number(progress?.leads ?? 0))
}
