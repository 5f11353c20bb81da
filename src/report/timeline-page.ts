/** The timeline as a page to read and print. */
import type { Writable } from 'node:stream'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { Timeline, TimelineRow } from '../ledger/read/timeline.ts'
import { formatCount } from './format.ts'
import { displayFileTime } from './html/display-time.ts'
import { html, type Markup } from './html/markup.ts'
import { styleSheet } from './html/style.ts'
import { withText } from './text-out.ts'
import { lineOf, type TimelineWishes, wanted } from './timeline-lines.ts'
import { ledgerState } from './values.ts'

/** A page beyond this is for a machine, which has the other formats. */
const MOST_ROWS = 20_000

export async function writePage(
  ledger: LedgerReader,
  timeline: Timeline,
  out: Writable,
  wishes: TimelineWishes,
): Promise<number> {
  const { timezone } = ledger.case
  const hours = new Map<string, number>()
  const months = new Map<string, number>()
  let lines = 0
  for (const { when } of wanted(timeline, wishes)) {
    lines++
    if (when === null) continue
    const shown = displayFileTime(when, timezone)
    add(months, shown.slice(0, 7))
    add(hours, shown.slice(11, 13))
  }
  await withText(out, async (writer) => {
    await writer.write(String(top(ledger)))
    await writer.write(`<style>${styleSheet(running(ledger))}</style></head><body>\n`)
    await writer.write(String(head(ledger, lines)))
    await writer.write(String(counted('By month', months)))
    await writer.write(String(counted('By hour of the day, in the zone of display', hours)))
    await writer.write(
      '<h2>In order</h2><table class="rows"><thead><tr><th>Time</th><th>What it says</th><th>Record, and its basis</th></tr></thead><tbody>\n',
    )
    let written = 0
    for (const row of wanted(timeline, wishes)) {
      if (written++ === MOST_ROWS) break
      await writer.write(String(tableRow(row, timezone)))
    }
    await writer.write('</tbody></table></body></html>\n')
  })
  return lines
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function head(ledger: LedgerReader, lines: number): Markup {
  const { caseId, exhibitId, timezone } = ledger.case
  const left =
    lines > MOST_ROWS
      ? ` Of them the first ${formatCount(MOST_ROWS)} stand here; JSONL and CSV have all.`
      : ''
  return html`<h1>What records on ${exhibitId} say</h1>
<p>Case ${caseId}; the ledger is ${ledgerState(ledger)}; newest head <code>${ledger.newestHead()}</code>. ${formatCount(lines)} records.${left} A record is what a program on the device wrote: it says nothing of who sat there, and its clock was not checked. Times are shown in the zone ${timezone}; what has no time stands last.</p>
`
}

function top({ case: { exhibitId } }: LedgerReader): Markup {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Timeline of ${exhibitId}</title>
`
}

function running(ledger: LedgerReader) {
  const { caseId, exhibitId } = ledger.case
  return {
    running: `Timeline - case ${caseId} - exhibit ${exhibitId}`,
    state: ledgerState(ledger),
    head: `newest head ${ledger.newestHead()}`,
  }
}

const MOST_BAR = 40

function counted(title: string, counts: ReadonlyMap<string, number>): Markup {
  const most = Math.max(1, ...counts.values())
  return html`<h2>${title}</h2><table class="numbers"><tbody>${[...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([
        key,
        count,
      ]) => html`<tr><th scope="row">${key}</th><td class="n">${formatCount(count)}</td><td>${'▇'.repeat(Math.ceil((count / most) * MOST_BAR))}</td></tr>
`,
    )}</tbody></table>
`
}

function tableRow(row: TimelineRow, zone: string): Markup {
  const line = lineOf(row)
  const status = line.recordStatus === 'deleted' ? ' The record itself is deleted.' : ''
  return html`<tr><td>${row.when === null ? 'no time' : displayFileTime(row.when, zone)}</td><td>${line.says}.${status}</td><td><span class="path">${line.path}</span><br>${line.basis}</td></tr>
`
}
