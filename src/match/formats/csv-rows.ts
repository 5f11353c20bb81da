/**
 * Rows of comma-, semicolon- or tab-separated text, quoted as in RFC 4180, without a string per field.
 *
 * A quote opens a field only at its beginning; elsewhere it is an ordinary character. A quoted field may contain line
 * ends. A field that is never closed costs its own line; the following lines are read again by themselves.
 */
import { decodeHex, isHexByte } from '../records/algorithms.ts'
import { type ListFile, readLines } from '../records/list-file.ts'
import type { RecordBatch } from '../records/record-batch.ts'
import { decodeName } from './text-lines.ts'

const QUOTE = 0x22
const SPACE = 32
const TAB = 9
const MOST_COLUMNS = 512
/** Longer than any name with line ends in it; an unclosed quote must not swallow a list. */
const MOST_QUOTED_LINES = 20
const MOST_QUOTED_BYTES = 64 * 1024
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i

/** The fields of one row; valid until the next is read. */
export class CsvRow {
  count = 0
  #buffer: Buffer = Buffer.alloc(0)
  readonly #starts = new Int32Array(MOST_COLUMNS)
  readonly #ends = new Int32Array(MOST_COLUMNS)
  readonly #doubled = new Uint8Array(MOST_COLUMNS)

  /** @returns null; 'open' when a quoted field continues in the next line; else the reason why it is no row */
  split(buffer: Buffer, start: number, end: number, delimiter: number): string | null {
    this.#buffer = buffer
    this.count = 0
    let at = start
    for (;;) {
      if (this.count === MOST_COLUMNS) return `more than ${MOST_COLUMNS} columns`
      while (at < end && buffer[at] === SPACE && delimiter !== SPACE) at++
      const column = this.count++
      this.#doubled[column] = 0
      if (at < end && buffer[at] === QUOTE) {
        const closed = this.#quoted(column, at + 1, end)
        if (closed === -1) return 'open'
        at = closed + 1
        while (at < end && (buffer[at] === SPACE || (buffer[at] === TAB && delimiter !== TAB))) at++
        if (at < end && buffer[at] !== delimiter)
          return `something follows the closing quote of column ${column + 1}`
      } else {
        this.#starts[column] = at
        while (at < end && buffer[at] !== delimiter) at++
        let last = at
        while (last > this.#starts[column]! && buffer[last - 1] === SPACE) last--
        this.#ends[column] = last
      }
      if (at >= end) return null
      at++
    }
  }

  isEmpty(column: number): boolean {
    return column >= this.count || this.#starts[column]! >= this.#ends[column]!
  }

  /** Number of hex digits where the field contains only hex digits; otherwise -1. */
  hexDigits(column: number): number {
    const [start, end] = [this.#starts[column]!, this.#ends[column]!]
    for (let at = start; at < end; at++) if (!isHexByte(this.#buffer[at]!)) return -1
    return end - start
  }

  /** False: the field is not exactly this many bytes in hex. */
  decodeHex(column: number, out: Uint8Array, at: number, bytes: number): boolean {
    const start = this.#starts[column]!
    return this.#ends[column]! - start === bytes * 2 && decodeHex(this.#buffer, start, out, at, bytes)
  }

  text(column: number): string {
    if (column >= this.count) return ''
    const text = decodeName(this.#buffer.subarray(this.#starts[column], this.#ends[column]))
    return this.#doubled[column] === 1 ? text.replaceAll('""', '"') : text
  }

  texts(): string[] {
    return Array.from({ length: this.count }, (_, column) => this.text(column))
  }

  /**
   * Has a quoted field of several lines one with a digest among other columns? Two names with one quote each make such a
   * field of the rows between them.
   */
  hidesRow(delimiter: string): boolean {
    const hasDigest = (line: string) => {
      const fields = line.split(delimiter)
      return fields.length > 1 && fields.some((field) => DIGEST.test(field.trim()))
    }
    return this.texts().some((text) => text.includes('\n') && text.split('\n').some(hasDigest))
  }

  /** @returns position of the closing quote, or -1 */
  #quoted(column: number, start: number, end: number): number {
    this.#starts[column] = start
    for (let at = start; at < end; at++) {
      if (this.#buffer[at] !== QUOTE) continue
      if (this.#buffer[at + 1] === QUOTE && at + 1 < end) {
        this.#doubled[column] = 1
        at++
        continue
      }
      this.#ends[column] = at
      return at
    }
    return -1
  }
}

/** Calls `onRow` for every row with its first line; rejects other lines. */
export async function* readCsv(
  file: ListFile,
  batch: RecordBatch,
  delimiter: string,
  onRow: (row: CsvRow, line: number) => void,
): AsyncGenerator<RecordBatch> {
  const row = new CsvRow()
  const separator = delimiter.charCodeAt(0)
  /** Lines of a quoted field that is not closed yet. */
  let open: { readonly text: Buffer; readonly line: number }[] = []

  yield* readLines(file, batch, readLine)
  while (open.length > 0) giveUp()
  if (batch.rows > 0) yield batch
  batch.clear()

  function readLine(buffer: Buffer, start: number, end: number, line: number): void {
    if (open.length > 0) continueRow(Buffer.from(buffer.subarray(start, end)), line)
    else {
      const problem = row.split(buffer, start, end, separator)
      if (problem === 'open') open = [{ text: Buffer.from(buffer.subarray(start, end)), line }]
      else if (problem !== null) batch.reject(line, problem)
      else onRow(row, line)
    }
  }

  function continueRow(text: Buffer, line: number): void {
    open.push({ text, line })
    const joined = Buffer.concat(open.flatMap((part, i) => (i === 0 ? [part.text] : [NEWLINE, part.text])))
    const problem = row.split(joined, 0, joined.length, separator)
    if (problem === null && !row.hidesRow(delimiter)) {
      const begun = open[0]!.line
      open = []
      onRow(row, begun)
    } else if (problem !== 'open' || open.length > MOST_QUOTED_LINES || joined.length > MOST_QUOTED_BYTES)
      giveUp()
  }

  /** The first line's quote is never closed: the line is rejected, and the others are read by themselves. */
  function giveUp(): void {
    const [first, ...others] = open
    open = []
    batch.reject(first!.line, 'a quote is opened and not closed')
    for (const { text, line } of others) readLine(text, 0, text.length, line)
  }
}

/** The delimiter that splits a header into the most columns. */
export function guessDelimiter(headerLine: string): string {
  const count = (delimiter: string) => headerLine.split(delimiter).length
  return [',', ';', '\t'].reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best))
}

const NEWLINE = Buffer.from('\n')
