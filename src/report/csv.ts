/**
 * CSV for spreadsheets: RFC 4180, every field quoted, CRLF, UTF-8 without a byte-order mark, one row an entry.
 *
 * A spreadsheet runs a cell that begins like a formula, so such a cell begins with an apostrophe here: the text is for
 * people, and `pathBytes` (base64) is the path. The two last columns say on every row what the file was made from.
 */

import { printName, printPath, printText } from '../base/evidence-path.ts'
import type { FileTime } from '../contracts/entry.ts'
import type { LedgerReader } from '../contracts/ledger.ts'
import type { StageResult } from '../contracts/stage.ts'
import { STAGES } from '../contracts/stage.ts'
import type { EntryView } from '../contracts/view.ts'
import type { Exporter } from './exporter.ts'
import { withText } from './text-out.ts'
import { ENGLISH, isShown } from './texts/index.ts'
import { fromPer10k, isoTime, ledgerState } from './values.ts'

export const csv: Exporter = {
  id: 'csv',
  title: 'A table for spreadsheets, one row an entry',
  extension: '.csv',
  async write(ledger, out) {
    const columns = [...COLUMNS, ...ledgerColumns(ledger)]
    await withText(out, async (text) => {
      await text.write(csvRow(columns.map(([name]) => name)))
      for (const view of ledger.entries()) await text.write(csvRow(columns.map(([, value]) => value(view))))
    })
  },
}

export function csvRow(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** A field no spreadsheet runs, of text that is printable already. @see OWASP ASVS 5.0, 1.2.10; RFC 4180 */
export function csvCell(text: string): string {
  return `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`
}

// What spreadsheets take for the start of a formula, the full-width forms that some convert included.
const FORMULA = /^\s*[=+\-@\t\r\0\uff1d\uff0b\uff0d\uff20]/

type Column = readonly [name: string, value: (view: EntryView) => string]

const COLUMNS: readonly Column[] = [
  ['path', (v) => printPath(v.entry.path)],
  ['pathBytes', (v) => v.entry.path.bytes.toString('base64')],
  ['kind', (v) => v.entry.kind],
  ['linkTarget', (v) => (v.entry.linkTarget ? printName(v.entry.linkTarget) : '')],
  ['sizeBytes', (v) => String(v.entry.sizeBytes)],
  ['modified', (v) => time(v.entry.times.modified)],
  ['changed', (v) => time(v.entry.times.changed)],
  ['accessed', (v) => time(v.entry.times.accessed)],
  ['born', (v) => time(v.entry.times.born)],
  ['mediaType', (v) => printText(v.content?.mediaType ?? '')],
  ['md5', (v) => v.content?.digests.md5 ?? ''],
  ['sha1', (v) => v.content?.digests.sha1 ?? ''],
  ['sha256', (v) => v.content?.digests.sha256 ?? ''],
  ['blake3', (v) => v.content?.digests.blake3 ?? ''],
  ...STAGES.map((stage): Column => [stage, (v) => stageText(v.stages[stage])]),
  [
    'hits',
    (v) =>
      v.hits
        .map(
          (h) => `${h.meaning}: ${listText(h)} by ${h.algorithms.join('+')}${h.weak ? ' alone (weak)' : ''}`,
        )
        .join('; '),
  ],
  [
    'conflicts',
    (v) =>
      v.conflicts
        .map((c) => `${listText(c)}: ${c.agreeing.join('+')} agree, ${c.differing.join('+')} differ`)
        .join('; '),
  ],
  [
    'near',
    (v) =>
      v.near
        .map(
          (n) =>
            `${listText(n)}: ${n.algorithm} ${n.distanceBits} bits, ${n.band}, ${printText(n.orientation)}`,
        )
        .join('; '),
  ],
  [
    'leads',
    (v) =>
      v.leads
        .map(
          (l) =>
            `${printText(l.classifier)} ${printText(l.label)} ${fromPer10k(l.scorePer10k)} (threshold ${fromPer10k(l.thresholdPer10k)})`,
        )
        .join('; '),
  ],
  ['signals', (v) => v.signals.map((s) => `${printText(s.rule)}: ${printText(s.quote)}`).join('; ')],
  [
    'attributes',
    (v) =>
      v.attributes
        .filter(isShown)
        .map((a) => printText(ENGLISH.attribute(a)))
        .join('; '),
  ],
  ['priority', (v) => (v.ranked.priority === null ? '' : String(v.ranked.priority))],
  ['reasons', (v) => v.ranked.reasons.map((reason) => printText(ENGLISH.review(reason))).join(' ')],
]

function ledgerColumns(ledger: LedgerReader): Column[] {
  const state = ledgerState(ledger)
  const head = ledger.newestHead()
  return [
    ['ledger', () => state],
    ['newestHead', () => head],
  ]
}

function listText(of: {
  hashSet: string
  edition: string | null
  category: string | null
  scale: string | null
}): string {
  const edition = of.edition === null ? '' : ` edition ${of.edition}`
  const category = of.category === null ? '' : ` category ${of.category} on ${of.scale ?? 'an unknown scale'}`
  return printText(`${of.hashSet}${edition}${category}`)
}

function stageText(stage: StageResult): string {
  return stage.result === 'done' ? 'done' : `${stage.result}: ${stage.reason}`
}

function time(of: FileTime | null): string {
  return of ? isoTime(of) : ''
}
