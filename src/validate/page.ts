/** The record as one page for people: no script, nothing loaded from elsewhere. */
import type { Interval } from '../classify/statistics.ts'
import { html, type Markup } from '../report/html/markup.ts'
import { CLAUSES } from './clauses.ts'
import type { Result, ValidationRecord } from './record.ts'

export function recordPage(record: ValidationRecord, sha256: string): string {
  const { results, fit } = record
  return `<!doctype html>\n${html`<html lang="en">
<head><meta charset="utf-8"><title>Validation record</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: 15px/1.5 "Liberation Sans", system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1.5rem; color: #16181d }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin-top: 2rem; break-after: avoid }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #b9bec7; vertical-align: top }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap } code { font-size: .85em; overflow-wrap: anywhere }
tr { break-inside: avoid } .verdict { font-weight: 700; white-space: nowrap } .statement { border: 2px solid #16181d; padding: .8rem 1rem; font-size: 1.05rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: #454a53 } dd { margin: 0; overflow-wrap: anywhere }
@page { size: A4; margin: 18mm 14mm; @bottom-left { content: "${sha256.slice(0, 32)}…"; font-size: 7pt } @bottom-right { content: "Page " counter(page) " of " counter(pages); font-size: 7pt } }
@media print { body { font-size: 9.5pt; margin: 0; max-width: none } }
</style></head>
<body>
<h1>Validation record</h1>
<p class="statement">${fit ? 'VALIDATED AS PLANNED. ' : 'NOT VALIDATED BY THIS RECORD. '}${record.statement}</p>
<h2>1 Laboratory, people, dates</h2>
${pairs({ Laboratory: record.laboratory ?? 'not stated', Responsible: record.people.join(', ') || 'not stated', Began: record.began, Ended: record.ended, Record: sha256 })}
<h2>2 Program</h2>
${pairs({ Version: record.program.version, 'Digest of every part': record.program.partsSha256, Node: record.program.node, 'Planned for': `${record.program.planned.version}, ${record.program.planned.partsSha256}` })}
<h2>3 Machine</h2>
${pairs(record.machine)}
<h2>4 Requirements and risks, with what was observed</h2>
<table><thead><tr><th>Requirement</th><th>What goes wrong if it fails</th><th>Acceptance</th><th>Checks</th><th>Failed</th><th>95 % interval of what held</th><th>Result</th></tr></thead>
<tbody>${results.map(resultRow)}</tbody></table>
<p>Acceptance by the interval of Clopper and Pearson; where nothing failed, the share that so many checks show at 95 % (one-sided) stands behind it.</p>
<h2>5 Plan</h2>
${pairs({ 'SHA-256': record.plan.sha256, Made: record.plan.made, 'Last changed': record.plan.modified, Size: record.plan.size, Seed: `${record.plan.seed}` })}
<h2>6 Scenarios</h2>
${record.scenarios.map((scenario) => scenarioPart(scenario, results))}
<h2>7 Figures</h2>
<p>They stand with each requirement in part 4. Digests and coverage allow no failure; a requirement with fewer checks than planned is not shown.</p>
<h2>8 Deviations</h2>
${listed(record.deviations)}
<p>Effect and acceptance of each are stated by the laboratory.</p>
<h2>9 What was not tested</h2>
${listed(record.limits)}
<h2>10 Statement and signature</h2>
<p>${record.statement}</p>
<p>Place, date, name and signature: ______________________________________________</p>
<h2>11 When to repeat</h2>
${listed(record.repeatWhen)}
<h2>Where ISO/IEC 17025:2017, 7.2.2, is answered</h2>
<table><thead><tr><th>Clause</th><th>What it asks for, in short</th><th>Where</th></tr></thead><tbody>${CLAUSES.map(([clause, asks, where]) => html`<tr><td>${clause}</td><td>${asks}</td><td>${where}</td></tr>`)}</tbody></table>
</body></html>`}\n`
}

function resultRow({ requirement, n, failures, verdict, accepted, atLeast }: Result): Markup {
  const { accept } = requirement
  const asked =
    accept.kind === 'none-fails'
      ? `no failure, at least ${accept.least} checks`
      : `lower bound at least ${percent(accept.share)}, at least ${accept.least} checks`
  return html`<tr><td><code>${requirement.id}</code><br>${requirement.requirement}<br><small>${requirement.promise}</small></td><td>${requirement.risk}</td><td>${asked}</td><td class="number">${n}</td><td class="number">${failures}</td><td class="number">${accepted === null ? '' : interval(accepted)}${atLeast === null ? '' : ` (≥ ${percent(atLeast)})`}</td><td class="verdict">${verdict}</td></tr>
`
}

function scenarioPart(scenario: ValidationRecord['scenarios'][number], results: readonly Result[]): Markup {
  const rows = results.flatMap(({ observations }) =>
    observations.filter((one) => one.scenario === scenario.id),
  )
  return html`<h3><code>${scenario.id}</code> ${scenario.title}</h3>
<p>${scenario.began} to ${scenario.ended}, <code>${scenario.log}</code>${scenario.broke === null ? '' : html`. <strong>Broke off: ${scenario.broke}</strong>`}</p>
<table><thead><tr><th>For</th><th>Action</th><th>Expected</th><th>Checks</th><th>Failed</th></tr></thead><tbody>${rows.map(
    (
      one,
    ) => html`<tr><td><code>${one.requirement}</code></td><td>${one.action}</td><td>${one.expected}</td><td class="number">${one.n}</td><td class="number">${one.failures}${one.examples.map((example) => html`<br><small>${example}</small>`)}</td></tr>
`,
  )}</tbody></table>`
}

function pairs(of: Readonly<Record<string, string>>): Markup {
  return html`<dl>${Object.entries(of).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

function listed(of: readonly string[]): Markup {
  return of.length === 0 ? html`<p>None.</p>` : html`<ul>${of.map((one) => html`<li>${one}</li>`)}</ul>`
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`
const interval = ({ low, high }: Interval) => `${percent(low)} – ${percent(high)}`
