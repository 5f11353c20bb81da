/**
 * Decisions of a laboratory's own persons, as `seized case export-decisions` writes them: a table whose first line is
 * fixed. The list says what it is, so that a hit on it is never taken for a record of an authority.
 */
import type { Detection, HashSetFormat, ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { csv } from './csv.ts'

/** Columns, in their order. `own_decision_of` is the case in which persons decided. */
export const OWN_DECISION_COLUMNS = [
  'own_decision_of',
  'sha256',
  'md5',
  'sha1',
  'size',
  'category',
  'scale',
  'agreement',
  'persons',
  'sight',
  'decided',
  'exhibits',
  'laboratory',
] as const

const FIRST_LINE = OWN_DECISION_COLUMNS.map((name) => `"${name}"`).join(',')
/** Enough for the first line and the case number of the second. */
const HEAD_BYTES = 2048

/** Every list of this format carries this note into ledger and report. */
const OWN_DECISIONS_NOTE =
  'Decisions of persons of the laboratory in an earlier case: no list of an authority. The list itself names case, persons and agreement for each content.'

export const OWN_DECISIONS = 'own-decisions'

export const ownDecisions: HashSetFormat = {
  id: OWN_DECISIONS,
  title: 'Own decisions of a laboratory (seized case export-decisions)',

  detect(head: Buffer): Detection {
    const matches = head.subarray(0, FIRST_LINE.length).toString('latin1') === FIRST_LINE
    return { matches, reason: `the first line is ${matches ? '' : 'not '}that of exported own decisions` }
  },

  async *read(file: ListFile, options: ReadOptions): AsyncGenerator<RecordBatch> {
    const text = file.head().subarray(0, HEAD_BYTES).toString('utf8')
    const [, of = ''] = /^[^\n]*\n"((?:[^"\n]|"")*)"/.exec(text) ?? []
    options.onFacts?.({
      name: `Own decisions of the laboratory${of === '' ? '' : `, case ${of.replaceAll('""', '"')}`}`,
      note: OWN_DECISIONS_NOTE,
    })
    yield* csv.read(file, options)
  },
}
