/**
 * Lists that are tables: a header, then one row per record. A plan assigns the columns; the formats differ in the plan.
 *
 * Rows must have as many columns as the header: a shifted column would make a digest of another field.
 */
import { UsageError } from '../../base/errors.ts'
import { type AlgorithmPlace, MD5, PDQ, SHA1 } from '../records/algorithms.ts'
import { type AlternativeHash, alternativeHash } from '../records/alternative-hashes.ts'
import type { ReadOptions } from '../records/format.ts'
import type { ListFile } from '../records/list-file.ts'
import { type Extras, extrasFrom, RecordBatch } from '../records/record-batch.ts'
import { CsvRow, guessDelimiter, readCsv } from './csv-rows.ts'
import { LINE_ENDS, typeOption } from './text-lines.ts'
import { TOO_PLAIN } from './vpdq-frame.ts'

/** Columns by position, -1 for none. */
export interface TablePlan {
  readonly names: readonly string[]
  readonly digests: readonly DigestColumn[]
  readonly size: number
  readonly category: number
  /** Of a PDQ hash, 0–100. */
  readonly quality: number
  /** Hashes of agencies' hashers, by the names of their columns. */
  readonly alternatives?: readonly { readonly column: number; readonly name: string }[]
}

export interface DigestColumn {
  readonly column: number
  /** Null: by its length. */
  readonly place: AlgorithmPlace | null
}

export interface Table {
  readonly delimiter: string
  /** @throws UsageError when these are not the columns of the format */
  plan(header: readonly string[]): TablePlan
  /** The category in the spelling of the scale; absent: the column's text, empty for none. */
  category?(text: string): string | null
  /** False: the first row is a record. */
  readonly header?: boolean
}

/** Hashes of plainer pictures are mostly chance: the reference discards them. */
const PDQ_MIN_QUALITY = 50

export async function* readTable(
  file: ListFile,
  options: ReadOptions,
  table: Table,
): AsyncGenerator<RecordBatch> {
  const batch = new RecordBatch()
  const type = typeOption(options.type)
  let plan: TablePlan | null = null
  let tooPlain = 0

  yield* readCsv(file, batch, table.delimiter, (row, line) => {
    if (plan === null) {
      plan = table.plan(row.texts())
      if (plan.digests.length === 0 && (plan.alternatives ?? []).length === 0) {
        throw new UsageError(
          `None of the columns holds a digest that this program compares: ${plan.names.join(', ')}. ` +
            'Say which does with a column map.',
        )
      }
      if (table.header !== false) return
    }
    const fault = keepRow(plan, row, line)
    if (fault !== null) batch.reject(line, fault)
  })
  if (tooPlain > 0) options.onFacts?.({ note: withoutPlainPdq(tooPlain) })

  /** @returns why the row is rejected, or null */
  function keepRow(
    { names, digests, size, category, quality, alternatives = [] }: TablePlan,
    row: CsvRow,
    line: number,
  ): string | null {
    if (row.count !== names.length) return `${row.count} columns, where the header has ${names.length}`
    let present = 0
    let unread: string | null = null
    for (const { column, place } of digests) {
      if (row.isEmpty(column)) continue
      const algorithm = place ?? byLength(row.hexDigits(column), type, line)
      if (algorithm === undefined)
        unread ??= `column ${names[column]} holds no digest that this program compares`
      else if (row.decodeHex(column, batch.digests, batch.offset(algorithm), algorithm.bytes))
        present |= algorithm.bit
      else {
        unread ??= `column ${names[column]} holds no ${algorithm.title} digest`
        // Another column's digest of the same kind may be half written over.
        if (present & algorithm.bit) return unread
      }
    }
    const hashes: AlternativeHash[] = []
    for (const { column, name } of alternatives) {
      if (row.isEmpty(column)) continue
      const hash = alternativeHash(name, row.text(column), options.alternatives)
      if ('fault' in hash) return hash.fault
      hashes.push(hash)
    }
    present |= batch.writeAlternatives(hashes)
    if (present === 0) return unread ?? 'no digest in the row'
    const sizeBytes = size === -1 || row.isEmpty(size) ? Number.NaN : wholeNumber(row.text(size))
    if (sizeBytes === null) return `column ${names[size]} is no number of bytes`
    if (quality !== -1 && (present & PDQ.bit) !== 0 && !row.isEmpty(quality)) {
      const value = wholeNumber(row.text(quality))
      if (value === null || value > 100) return `column ${names[quality]} is no quality from 0 to 100`
      if (value < PDQ_MIN_QUALITY) {
        present &= ~PDQ.bit
        if (present === 0) return `quality ${value} of 100: too plain a picture ${TOO_PLAIN}`
        tooPlain++
      }
    }
    const text = category === -1 ? '' : row.text(category).trim()
    const raw = table.category === undefined ? text || null : table.category(text)
    if (unread !== null) batch.unread.push({ line, reason: unread })
    batch.keep(line, present, sizeBytes, raw, options.extras ? otherColumns(row) : null)
    return null
  }

  function otherColumns(row: CsvRow): Extras | null {
    const { names, digests, size, category } = plan!
    const used = new Set([...digests.map(({ column }) => column), size, category])
    const others = names
      .map((name, column) => [name, column] as const)
      .filter(([, column]) => !used.has(column) && !row.isEmpty(column))
      .map(([name, column]) => [name, row.text(column)] as const)
    return others.length === 0 ? null : extrasFrom(Object.fromEntries(others))
  }
}

function withoutPlainPdq(count: number): string {
  const have = count === 1 ? 'record has a PDQ hash' : 'records have PDQ hashes'
  return `${count} ${have} of quality under ${PDQ_MIN_QUALITY}: too plain a picture ${TOO_PLAIN}, and compared by ${count === 1 ? 'its' : 'their'} other digests alone`
}

/** The fields of the first line, for detection; null when it is no row. */
export function firstRow(head: Buffer, delimiter?: string): { names: string[]; delimiter: string } | null {
  const line = head
    .toString('latin1')
    .split(LINE_ENDS)
    .find((text) => text.trim() !== '')
  if (line === undefined) return null
  const used = delimiter ?? guessDelimiter(line)
  const bytes = Buffer.from(line.trim(), 'latin1')
  const row = new CsvRow()
  if (row.split(bytes, 0, bytes.length, used.charCodeAt(0)) !== null) return null
  return { names: row.texts(), delimiter: used }
}

/** A column's name without case, spaces and signs: `SHA-1`, `sha_1` and `Sha1` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** Position of the first column that has one of these names; -1: none. */
export function columnNamed(header: readonly string[], ...names: readonly string[]): number {
  return header.findIndex((name) => names.includes(plainName(name)))
}

/** Like {@link columnNamed}, as digest column; empty where the column is missing. */
export function digestColumn(
  header: readonly string[],
  place: AlgorithmPlace | null,
  ...names: readonly string[]
): readonly DigestColumn[] {
  const column = columnNamed(header, ...names)
  return column === -1 ? [] : [{ column, place }]
}

function wholeNumber(text: string): number | null {
  const value = Number(text.trim())
  return /^\s*\d+\s*$/.test(text) && Number.isSafeInteger(value) ? value : null
}

function byLength(
  digits: number,
  type: AlgorithmPlace | undefined,
  line: number,
): AlgorithmPlace | undefined {
  if (type !== undefined) return type
  if (digits === 64) {
    throw new UsageError(
      `Line ${line} of the list has 64 hex digits in a column that does not say what they are: SHA-256, BLAKE3 or PDQ. ` +
        'Say so with --type sha256, --type blake3 or --type pdq.',
    )
  }
  return digits === 32 ? MD5 : digits === 40 ? SHA1 : undefined
}
