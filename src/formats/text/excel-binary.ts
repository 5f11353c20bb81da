/**
 * Extracts text of Excel workbooks before XLSX (BIFF5 and BIFF8): sheet names, cells row by row, text boxes,
 * comments. Numbers appear as stored, dates as dates (spreadsheet-dates.ts).
 * @see MS-XLS 2.4 (Records)
 */
import iconv from 'iconv-lite'
import { encodingOf } from '../bytes/code-page.ts'
import type { CompoundFile } from '../compound/compound-file.ts'
import { excelRecords, RecordReader } from '../compound/excel-records.ts'
import type { TextCollector } from '../documents/text-extractor.ts'
import { type CompoundWords, requiredStream } from './compound-words.ts'
import { dateText, isDateFormat } from './spreadsheet-dates.ts'

/** @throws TextDamaged */
export function readWorkbook(file: CompoundFile, at: string, words: CompoundWords): void {
  const book = new Workbook(words.sink)
  for (const { type, parts } of excelRecords(requiredStream(file, at, ['Workbook', 'Book'], words))) {
    if (words.sink.isFull) break
    book.take(type, parts)
  }
}

const BIFF8 = 0x0600
const NOTHING = Buffer.alloc(0)

class Workbook {
  readonly #sink: TextCollector
  #isBiff8 = true
  #encoding = 'windows-1252'
  #strings: string[] = []
  #row = -1
  readonly #formats = new Map<number, string>()
  /** Whether a cell style shows its number as a date, by style number. */
  readonly #isDate: boolean[] = []
  #from1904 = false

  constructor(sink: TextCollector) {
    this.#sink = sink
  }

  take(type: number, parts: readonly Buffer[]): void {
    const reader = new RecordReader(parts)
    switch (type) {
      case 0x0809: // BOF
        this.#isBiff8 = reader.u16() >= BIFF8
        this.#row = -1
        break
      case 0x42: // CODEPAGE
        this.#encoding = encodingOf(reader.u16())
        break
      case 0x22: // DATEMODE
        this.#from1904 = reader.u16() === 1
        break
      case 0x41e: // FORMAT
        this.#formats.set(reader.u16(), this.#text(reader, this.#isBiff8 ? reader.u16() : reader.u8()))
        break
      case 0xe0: {
        // XF: font, then format
        reader.skip(2)
        const format = reader.u16()
        this.#isDate.push(isDateFormat(format, this.#formats.get(format) ?? null))
        break
      }
      case 0x85: // BOUNDSHEET: position, state, type, name with a length of one byte
        reader.skip(6)
        this.#sink.add(`${this.#text(reader, reader.u8())}\n`)
        break
      case 0xfc: // SST
        this.#strings = sharedStrings(reader)
        break
      case 0xfd: // LABELSST
        this.#cell(reader, () => this.#strings[reader.u32()] ?? '')
        break
      case 0x204: // LABEL
      case 0xd6: // RSTRING
        this.#cell(reader, () => this.#text(reader, reader.u16()))
        break
      case 0x207: // STRING: the result of the formula before it
        this.#sink.add(`${this.#text(reader, reader.u16())}\t`)
        break
      case 0x203: // NUMBER
        this.#cell(reader, (style) => this.#number(reader.f64(), style))
        break
      case 0x06: // FORMULA: a number unless its last two bytes are 0xffff
        this.#cell(reader, (style) => this.#result(reader, style))
        break
      case 0x27e: // RK
        this.#cell(reader, (style) => this.#number(rkNumber(reader.u32()), style))
        break
      case 0xbd: // MULRK
        this.#manyNumbers(reader, parts[0] ?? NOTHING)
        break
      case 0x1b6: // TXO: the CONTINUE record behind it contains the text of a text box or comment
        this.#sink.add(`${boxText(parts)}\n`)
        break
      case 0x14: // HEADER
      case 0x15: // FOOTER
        if (!reader.atEnd) this.#margin(this.#text(reader, this.#isBiff8 ? reader.u16() : reader.u8()))
        break
    }
  }

  #cell(reader: RecordReader, value: (style: number) => string): void {
    const row = reader.u16()
    if (row !== this.#row) this.#sink.add('\n')
    this.#row = row
    reader.skip(2)
    const text = value(reader.u16())
    if (text !== '') this.#sink.add(`${text}\t`)
  }

  #manyNumbers(reader: RecordReader, record: Buffer): void {
    const row = reader.u16()
    if (row !== this.#row) this.#sink.add('\n')
    this.#row = row
    reader.skip(2)
    for (let i = 0; i < Math.floor((record.length - 6) / 6); i++) {
      const style = reader.u16()
      this.#sink.add(`${this.#number(rkNumber(reader.u32()), style)}\t`)
    }
  }

  #number(value: number, style: number): string {
    return (this.#isDate[style] ? dateText(value, this.#from1904) : null) ?? String(value)
  }

  #result(reader: RecordReader, style: number): string {
    const value = formulaResult(reader)
    return value === null ? '' : this.#number(value, style)
  }

  /** In headers and footers, `&` precedes fonts, sizes and fields (MS-XLS 2.4.136). */
  #margin(text: string): void {
    const words = text.replace(/&(?:"[^"]*"|\d+|K[\dA-F+-]+|[A-Z])/gi, ' ').trim()
    if (words !== '') this.#sink.add(`${words}\n`)
  }

  #text(reader: RecordReader, length: number): string {
    if (this.#isBiff8) return reader.richString(length)
    return iconv.decode(reader.rest().subarray(0, length), this.#encoding)
  }
}

const MAX_STRINGS = 4_000_000

function sharedStrings(reader: RecordReader): string[] {
  reader.skip(4)
  const count = Math.min(reader.u32(), MAX_STRINGS)
  const strings: string[] = []
  while (strings.length < count && !reader.atEnd) strings.push(reader.richString(reader.u16()))
  return strings
}

/** @returns null when the result is not a number */
function formulaResult(reader: RecordReader): number | null {
  const bytes = Buffer.alloc(8)
  for (let i = 0; i < 8; i++) bytes[i] = reader.u8()
  return bytes.readUInt16LE(6) === 0xffff ? null : bytes.readDoubleLE(0)
}

/** RkNumber (MS-XLS 2.5.217): an integer or the upper part of a float, possibly multiplied by 100. */
function rkNumber(rk: number): number {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32LE((rk & 0xffff_fffc) >>> 0, 4)
  const value = rk & 2 ? rk >> 2 : bytes.readDoubleLE(0)
  return rk & 1 ? value / 100 : value
}

/** TXO: text length at 10; the first CONTINUE record contains a flag and the characters, the last one formats. */
function boxText(parts: readonly Buffer[]): string {
  const [head, ...rest] = parts
  if (!head || head.length < 12 || rest.length === 0) return ''
  const reader = new RecordReader(rest)
  return reader.characters(head.readUInt16LE(10), (reader.u8() & 1) === 1)
}
