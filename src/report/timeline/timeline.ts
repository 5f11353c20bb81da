/** Device records in order of time, as JSON lines, CSV, or a page that needs no script. */
import type { Writable } from 'node:stream'
import type {
  CustodyRecord,
  ExaminationFacts,
  LedgerIdentity,
  LedgerReader,
} from '../../contracts/ledger-reader.ts'
import { csvRow } from '../exchange/csv.ts'
import { jsonLine } from '../exchange/jsonl.ts'
import { withText } from '../model/text-out.ts'
import { ledgerState } from '../model/values.ts'
import { say } from '../texts/say.ts'
import { lineOf, type TimelineLine, type TimelineOf, type TimelineWishes, wanted } from './timeline-lines.ts'
import { writePage } from './timeline-page.ts'

type Write = (of: readonly TimelineOf[], out: Writable, wishes: TimelineWishes) => Promise<number>

/** Each function returns the number of lines it wrote. */
export const TIMELINES: Readonly<Record<'jsonl' | 'csv' | 'html' | 'timesketch', Write>> = {
  jsonl: async (of, out, wishes) =>
    writeEach(of, out, wishes, (line, ledger) => `${jsonLine({ ...line, ...madeFrom(ledger) })}\n`),
  csv: async (of, out, wishes) =>
    writeEach(
      of,
      out,
      wishes,
      (line, ledger) => {
        const made = madeFrom(ledger)
        return csvRow([
          ...COLUMNS.map((name) => String(line[name] ?? '')),
          made.ledger,
          made.newestHead,
          made.exhibit,
        ])
      },
      csvRow([...COLUMNS, 'ledger', 'newestHead', 'exhibit']),
    ),
  html: writePage,
  // Timesketch accepts no line without a time: the other formats contain such records.
  timesketch: async (of, out, wishes) =>
    writeEach(of, out, wishes, (line, ledger) =>
      line.datetime === null ? '' : `${jsonLine({ ...forTimesketch(line), ...madeFrom(ledger) })}\n`,
    ),
}

/** The three fields that Timesketch asks for (message, datetime, timestamp_desc) before all others. */
function forTimesketch({ says, datetime, record, ...others }: TimelineLine) {
  return {
    message: says,
    datetime,
    timestamp_desc: say('timeline-time-of-record', { record }),
    data_type: `seized:record:${record}`,
    ...others,
  }
}

const COLUMNS = [
  'datetime',
  'resolution',
  'zone',
  'timeIs',
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

function madeFrom(ledger: LedgerIdentity & ExaminationFacts & CustodyRecord) {
  const { caseId, exhibitId } = ledger.case
  return { case: caseId, exhibit: exhibitId, ledger: ledgerState(ledger), newestHead: ledger.newestHead() }
}

async function writeEach(
  of: readonly TimelineOf[],
  out: Writable,
  wishes: TimelineWishes,
  text: (line: TimelineLine, ledger: LedgerReader) => string,
  before = '',
): Promise<number> {
  let lines = 0
  await withText(out, async (writer) => {
    if (before !== '') await writer.write(before)
    for (const { row, ledger } of wanted(of, wishes)) {
      const one = text(lineOf(row), ledger)
      if (one === '') continue
      await writer.write(one)
      lines++
    }
  })
  return lines
}
