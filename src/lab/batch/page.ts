/** The summary of a batch as one static page: no script, no external resource, no name from an exhibit. */
import { formatCount } from '../../report/texts/format.ts'
import { html } from '../../report/texts/markup.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { Order } from '../scan/order.ts'
import type { Outcome } from '../scan/outcome.ts'
import { COUNT_WORDS, resultWords, STATE_WORDS, PAGE_WORDS as W } from './words.ts'

export interface BatchPage {
  readonly manifest: Manifest
  readonly orders: readonly Order[]
  readonly done: ReadonlyMap<string, Outcome>
  readonly running: ReadonlyMap<string, RunningExhibit>
  readonly utc: string
}

export interface RunningExhibit {
  readonly since: string
  /** The last progress of its scan: phase, entries, hits, leads; null: none yet. */
  readonly progress: Readonly<Record<string, unknown>> | null
}

const COUNTED = Object.keys(COUNT_WORDS) as (keyof typeof COUNT_WORDS)[]

export function batchPage({ manifest, orders, done, running, utc }: BatchPage): string {
  const finished = [...done.values()].filter(({ state }) => state === 'finished').length
  const isOver = done.size === orders.length
  const share = orders.length === 0 ? 0 : Math.round((100 * finished) / orders.length)
  return `<!doctype html>\n${html`<html lang="en">
<head><meta charset="utf-8"><title>${W.title} ${manifest.caseId}</title>
${isOver ? '' : html`<meta http-equiv="refresh" content="30">`}
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; max-width: 75rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ccc; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums }
code { font-size: .85em; overflow-wrap: anywhere }
</style></head>
<body>
<h1>${W.title} ${manifest.caseId}</h1>
<p>${W.examiner}: ${manifest.examiner} · ${W.written}: ${utc}<br>${W.manifest}: <code>${manifest.sha256}</code></p>
<p><progress max="100" value="${share}">${share} %</progress> ${W.counted(finished, orders.length)}</p>
<p>${W.caution}</p>
<table>
<thead><tr><th>${W.exhibit}</th><th>${W.state}</th><th>${W.result}</th>${COUNTED.map((name) => html`<th>${COUNT_WORDS[name]}</th>`)}<th>${W.ledger}</th></tr></thead>
<tbody>${orders.map(({ exhibit }) => row(exhibit.id, done.get(exhibit.id), running.get(exhibit.id)))}</tbody>
</table>
</body></html>`}\n`
}

function row(exhibit: string, outcome: Outcome | undefined, running: RunningExhibit | undefined) {
  const state = outcome?.state ?? (running === undefined ? 'waiting' : 'running')
  const result = outcome === undefined ? runningWords(running) : resultWords(outcome)
  const cells = COUNTED.map((name) => {
    const value = outcome?.counts[name]
    return html`<td class="number">${typeof value === 'number' ? countText(name, value, outcome!.counts.leadsPutLast) : ''}</td>`
  })
  return html`<tr><td>${exhibit}</td><td>${STATE_WORDS[state]}</td><td>${result}</td>${cells}<td><code>${outcome?.ledgerSha256 ?? ''}</code></td></tr>
`
}

/** Leads that were put last stand beside those to look at. */
function countText(name: keyof typeof COUNT_WORDS, value: number, last: unknown): string {
  if (name !== 'leads' || typeof last !== 'number' || last === 0) return formatCount(value)
  return W.leads(value - last, last)
}

function runningWords(running: RunningExhibit | undefined) {
  if (running === undefined) return ''
  const { since, progress } = running
  const { phase, entriesDone, entriesTotal, hits, leads } = progress ?? {}
  if (typeof phase !== 'string') return since
  const bar =
    typeof entriesDone === 'number' && typeof entriesTotal === 'number' && entriesTotal > 0
      ? html`<progress max="${entriesTotal}" value="${entriesDone}">${entriesDone}</progress> `
      : ''
  return html`${bar}${since}: ${phase}, ${W.soFar(Number(hits ?? 0), Number(leads ?? 0))}`
}
