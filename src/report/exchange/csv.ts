/**
 * CSV for spreadsheets: RFC 4180, every field quoted, CRLF, UTF-8 without a byte-order mark, one row for each place.
 *
 * A spreadsheet executes a cell that begins like a formula, so such a cell gets a leading apostrophe here. The text is
 * for people; `pathBytes` (base64) is the path. The two last columns name the source of the file in every row.
 */

import { printName, printPath, printText } from '../../base/evidence-path.ts'
import type { FileTime } from '../../contracts/entry.ts'
import { FINDING_LISTS, type Finding } from '../../contracts/finding.ts'
import type { CustodyRecord, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { StageResult } from '../../contracts/stage.ts'
import { STAGES } from '../../contracts/stage.ts'
import type { EntryView } from '../../contracts/view.ts'
import type { FindingKind } from '../../findings/finding-kind.ts'
import { FINDINGS, listOf } from '../../findings/index.ts'
import { withoutCovered } from '../../score/covered-reasons.ts'
import type { Exporter } from '../export/exporter.ts'
import { HASHES_ARE_FOR_MATCHING } from '../model/leaves-out.ts'
import { withText } from '../model/text-out.ts'
import { isoTime, ledgerState } from '../model/values.ts'
import { ENGLISH, isShown } from '../texts/index.ts'

export const csv: Exporter = {
  id: 'csv',
  title: 'A table for spreadsheets, one row a place',
  extension: '.csv',
  leavesOut: {
    'perceptual-hash': HASHES_ARE_FOR_MATCHING,
    record: 'A content can have fifty records, which no cell holds: JSONL and the timeline have them.',
  },
  async write(ledger, out) {
    const columns = [...COLUMNS, ...ledgerColumns(ledger)]
    await withText(out, async (text) => {
      await text.write(csvRow(columns.map(([name]) => name)))
      for (const view of ledger.places()) await text.write(csvRow(columns.map(([, value]) => value(view))))
    })
  },
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/**
 * A field that spreadsheets do not execute, from text that is printable already. @see OWASP ASVS 5.0, 1.2.10; RFC 4180
 */
export function csvCell(text: string): string {
  return `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`
}

// Characters that spreadsheets treat as the start of a formula, including the full-width forms that some spreadsheets
// convert.
const FORMULA = /^\s*[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/

type Column = readonly [name: string, value: (view: EntryView) => string]

const LEADS: Column = [
  'leads',
  (v) => v.leads.map((lead) => printText(ENGLISH.finding({ kind: 'score', ...lead }))).join('; '),
]

const COLUMNS: readonly Column[] = [
  ['path', (v) => printPath(v.entry.path)],
  ['pathBytes', (v) => v.entry.path.bytes.toString('base64')],
  ['followsFrom', (v) => (v.followsFrom ? printPath(v.followsFrom) : '')],
  ['placesLeftOut', (v) => String(v.placesLeftOut)],
  ['kind', (v) => v.entry.kind],
  ['linkTarget', (v) => (v.entry.linkTarget ? printName(v.entry.linkTarget) : '')],
  ['sizeBytes', (v) => String(v.entry.sizeBytes)],
  ['modified', (v) => time(v.entry.times.modified)],
  ['changed', (v) => time(v.entry.times.changed)],
  ['accessed', (v) => time(v.entry.times.accessed)],
  ['born', (v) => time(v.entry.times.born)],
  ['volume', (v) => String(v.entry.onImage?.volume ?? '')],
  ['status', (v) => v.entry.onImage?.status ?? ''],
  ['basis', (v) => v.entry.onImage?.basis ?? ''],
  ['record', (v) => String(v.entry.onImage?.record ?? '')],
  ['mediaType', (v) => printText(v.content?.mediaType ?? '')],
  ['md5', (v) => v.content?.digests.md5 ?? ''],
  ['sha1', (v) => v.content?.digests.sha1 ?? ''],
  ['sha256', (v) => v.content?.digests.sha256 ?? ''],
  ['blake3', (v) => v.content?.digests.blake3 ?? ''],
  ...STAGES.map((stage): Column => [stage, (v) => stageText(v.stages[stage])]),
  ...FINDINGS.filter(({ searchText }) => searchText !== null).map(
    (kind): Column => (kind.kind === 'score' ? LEADS : [FINDING_LISTS[kind.kind], (v) => wordsOf(v, kind)]),
  ),
  ['priority', (v) => (v.ranked.priority === null ? '' : String(v.ranked.priority))],
  [
    'reasons',
    (v) =>
      withoutCovered(v.ranked.reasons)
        .map((reason) => printText(ENGLISH.review(reason)))
        .join(' '),
  ],
]

function ledgerColumns(ledger: LedgerIdentity & CustodyRecord): Column[] {
  const state = ledgerState(ledger)
  const head = ledger.newestHead()
  return [
    ['ledger', () => state],
    ['newestHead', () => head],
  ]
}

function wordsOf(view: EntryView, kind: FindingKind<Finding>): string {
  return listOf(view, kind)
    .filter((one) => one.kind !== 'attribute' || isShown(one))
    .map((one) => printText(ENGLISH.finding(one)))
    .join('; ')
}

function stageText(stage: StageResult): string {
  return stage.result === 'done' ? 'done' : `${stage.result}: ${stage.reason}`
}

function time(of: FileTime | null): string {
  return of ? isoTime(of) : ''
}
