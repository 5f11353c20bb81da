/** The timeline as a page to read and print. */
import type { Writable } from 'node:stream'
import type { CustodyRecord, ExaminationFacts, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { TimelineRow } from '../../ledger/read/timeline.ts'
import { styleSheet } from '../html/style.ts'
import { displayFileTime } from '../model/display-time.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { formatCount } from '../texts/format.ts'
import { html, type Markup } from '../texts/markup.ts'
import { say } from '../texts/say.ts'
import { type AxisRow, hoursAxis, monthsAxis } from './timeline-axis.ts'
import { lineOf, type TimelineOf, type TimelineWishes, wanted } from './timeline-lines.ts'
import { Persons } from './timeline-persons.ts'

/** Row limit of the page; programs use the other formats. */
const MOST_ROWS = 20_000

export async function writePage(
  of: readonly TimelineOf[],
  out: Writable,
  wishes: TimelineWishes,
): Promise<number> {
  const ledgers = of.map(({ ledger }) => ledger)
  // For a case, the zone of the first exhibit; the page states this.
  const { timezone } = ledgers[0]!.case
  const hours = new Map<string, number>()
  const months = new Map<string, number>()
  const persons = new Persons(timezone)
  let lines = 0
  for (const {
    row: { when, sign, isFirst },
  } of wanted(of, wishes)) {
    lines++
    if (sign !== null && isFirst) persons.add(sign)
    if (when === null) continue
    const shown = displayFileTime(when, timezone)
    add(months, shown.slice(0, 7))
    add(hours, shown.slice(11, 13))
  }
  await withText(out, async (writer) => {
    await writer.write(String(top(ledgers)))
    await writer.write(`<style>${styleSheet(running(ledgers))}</style></head><body>\n`)
    await writer.write(String(head(ledgers, lines)))
    await writer.write(String(counted(say('timeline-by-month'), monthsAxis(months))))
    await writer.write(String(counted(say('timeline-by-hour'), hoursAxis(hours))))
    await writer.write(String(persons.table() ?? ''))
    await writer.write(String(columns()))
    let written = 0
    for (const { row, ledger } of wanted(of, wishes)) {
      if (written++ === MOST_ROWS) break
      const exhibit = ledgers.length > 1 ? ledger.case.exhibitId : null
      await writer.write(String(tableRow(row, timezone, exhibit)))
    }
    await writer.write('</tbody></table></body></html>\n')
  })
  return lines
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function head(
  ledgers: readonly (LedgerIdentity & ExaminationFacts & CustodyRecord)[],
  records: number,
): Markup {
  const { caseId, timezone } = ledgers[0]!.case
  const intro = say('timeline-intro', {
    case: caseId,
    state: statesOf(ledgers),
    head: headsOf(ledgers),
    records,
    zone: timezone,
    ...(records > MOST_ROWS && { shown: MOST_ROWS }),
  })
  return html`<h1>${say('timeline-heading', { exhibit: exhibitsOf(ledgers) })}</h1>
<p>${intro}</p>
`
}

function exhibitsOf(ledgers: readonly ExaminationFacts[]): string {
  return ledgers.map((one) => one.case.exhibitId).join(', ')
}

function statesOf(ledgers: readonly LedgerIdentity[]): string {
  return [...new Set(ledgers.map(ledgerState))].join(', ')
}

function headsOf(ledgers: readonly CustodyRecord[]): string {
  return ledgers.map((one) => one.newestHead()).join(', ')
}

function columns(): Markup {
  return html`<h2>${say('timeline-in-order')}</h2><table class="rows"><thead><tr><th>${say('timeline-column-time')}</th><th>${say('timeline-column-says')}</th><th>${say('timeline-column-basis')}</th></tr></thead><tbody>
`
}

function top(ledgers: readonly ExaminationFacts[]): Markup {
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Timeline of ${exhibitsOf(ledgers)}</title>
`
}

function running(ledgers: readonly (LedgerIdentity & ExaminationFacts & CustodyRecord)[]) {
  return {
    running: `Timeline - case ${ledgers[0]!.case.caseId} - exhibit ${exhibitsOf(ledgers)}`,
    state: statesOf(ledgers),
    head: `newest head ${headsOf(ledgers)}`,
  }
}

const MOST_BAR = 40

function counted(title: string, rows: readonly AxisRow[]): Markup {
  const most = Math.max(1, ...rows.map(({ count }) => count))
  return html`<h2>${title}</h2><table class="numbers"><tbody>${rows.map(
    ({ label, count }) =>
      html`<tr><th scope="row">${label}</th><td class="n">${formatCount(count)}</td><td>${'▇'.repeat(Math.ceil((count / most) * MOST_BAR))}</td></tr>
`,
  )}</tbody></table>
`
}

function tableRow(row: TimelineRow, zone: string, exhibit: string | null): Markup {
  const line = lineOf(row)
  const status = line.recordStatus === 'deleted' ? ` ${say('timeline-deleted')}` : ''
  return html`<tr><td>${row.when === null ? say('timeline-no-time') : displayFileTime(row.when, zone)}</td><td>${line.says}.${status}</td><td>${exhibit === null ? null : html`${exhibit}: `}<span class="path">${line.path}</span><br>${line.basis}</td></tr>
`
}
