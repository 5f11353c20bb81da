/** The timeline as a page to read and print. */
import type { Writable } from 'node:stream'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { Timeline, TimelineRow } from '../ledger/read/timeline.ts'
import { formatCount } from './format.ts'
import { displayFileTime } from './html/display-time.ts'
import { html, type Markup } from './html/markup.ts'
import { say } from './html/say.ts'
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
    await writer.write(String(counted(say('timeline-by-month'), months)))
    await writer.write(String(counted(say('timeline-by-hour'), hours)))
    await writer.write(String(columns()))
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

function head(ledger: LedgerReader, records: number): Markup {
  const { caseId, exhibitId, timezone } = ledger.case
  const intro = say('timeline-intro', {
    case: caseId,
    state: ledgerState(ledger),
    head: ledger.newestHead(),
    records,
    zone: timezone,
    ...(records > MOST_ROWS && { shown: MOST_ROWS }),
  })
  return html`<h1>${say('timeline-heading', { exhibit: exhibitId })}</h1>
<p>${intro}</p>
`
}

function columns(): Markup {
  return html`<h2>${say('timeline-in-order')}</h2><table class="rows"><thead><tr><th>${say('timeline-column-time')}</th><th>${say('timeline-column-says')}</th><th>${say('timeline-column-basis')}</th></tr></thead><tbody>
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
  const status = line.recordStatus === 'deleted' ? ` ${say('timeline-deleted')}` : ''
  return html`<tr><td>${row.when === null ? say('timeline-no-time') : displayFileTime(row.when, zone)}</td><td>${line.says}.${status}</td><td><span class="path">${line.path}</span><br>${line.basis}</td></tr>
`
}
