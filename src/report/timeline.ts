/** The story that records on a device tell, in order of time: JSON lines, CSV, or a page that needs no script. */
import type { Writable } from 'node:stream'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { Timeline } from '../ledger/read/timeline.ts'
import { csvRow } from './csv.ts'
import { jsonLine } from './jsonl.ts'
import { withText } from './text-out.ts'
import { lineOf, type TimelineLine, type TimelineWishes, wanted } from './timeline-lines.ts'
import { writePage } from './timeline-page.ts'
import { ledgerState } from './values.ts'

type Write = (
  ledger: LedgerReader,
  timeline: Timeline,
  out: Writable,
  wishes: TimelineWishes,
) => Promise<number>

/** Each gives the number of its lines. */
export const TIMELINES: Readonly<Record<'jsonl' | 'csv' | 'html', Write>> = {
  jsonl: async (ledger, timeline, out, wishes) => {
    const made = { ...ofCase(ledger), ledger: ledgerState(ledger), newestHead: ledger.newestHead() }
    return writeEach(timeline, out, wishes, (line) => `${jsonLine({ ...line, ...made })}\n`)
  },
  csv: async (ledger, timeline, out, wishes) => {
    const head = [...COLUMNS, 'ledger', 'newestHead']
    const made = [ledgerState(ledger), ledger.newestHead()]
    return writeEach(
      timeline,
      out,
      wishes,
      (line) => csvRow([...COLUMNS.map((name) => String(line[name] ?? '')), ...made]),
      csvRow(head),
    )
  },
  html: writePage,
}

const COLUMNS = [
  'datetime',
  'resolution',
  'zone',
  'says',
  'record',
  'direction',
  'person',
  'recordStatus',
  'basis',
  'list',
  'category',
  'digest',
  'found',
  'path',
  'sha256',
] as const satisfies readonly (keyof TimelineLine)[]

function ofCase({ case: { caseId, exhibitId } }: LedgerReader) {
  return { case: caseId, exhibit: exhibitId }
}

async function writeEach(
  timeline: Timeline,
  out: Writable,
  wishes: TimelineWishes,
  text: (line: TimelineLine) => string,
  before = '',
): Promise<number> {
  let lines = 0
  await withText(out, async (writer) => {
    if (before !== '') await writer.write(before)
    for (const row of wanted(timeline, wishes)) {
      await writer.write(text(lineOf(row)))
      lines++
    }
  })
  return lines
}
