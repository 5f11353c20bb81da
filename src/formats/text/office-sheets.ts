/** Extracts text of OOXML worksheets: displayed cell values, sheet names, headers and footers. */

import type { TextCollector } from '../documents/text-extractor.ts'
import { readOfficeXml } from './office-names.ts'
import { dateText, isDateFormat } from './spreadsheet-dates.ts'

/** Data from the parts before the sheets, needed for the cells. */
export interface Workbook {
  sharedStrings: readonly string[]
  /** Cell styles that show their number as a date. */
  dateStyles: ReadonlySet<number>
  from1904: boolean
}

export function emptyWorkbook(): Workbook {
  return { sharedStrings: [], dateStyles: new Set(), from1904: false }
}

export function sharedStrings(xml: string): string[] {
  const all: string[] = []
  let [current, inText] = ['', false]
  readOfficeXml(xml, {
    open(name) {
      if (name === 'si') current = ''
      // Phonetic guides (rPh) repeat the text in another script.
      if (name === 't') inText = true
    },
    text: (text) => {
      if (inText) current += text
    },
    close(name) {
      if (name === 't') inText = false
      if (name === 'si') all.push(current)
    },
  })
  return all
}

/** A person wrote the sheet names, so they are text. */
export function workbook(xml: string, sink: TextCollector, book: Workbook): void {
  readOfficeXml(xml, {
    open(name, attributes) {
      if (name === 'workbookPr') book.from1904 = /^(1|true)$/.test(attributes.date1904 ?? '')
      if (name === 'sheet') sink.add(`${attributes.name ?? ''}\n`)
    },
    text: () => {},
    close: () => {},
  })
}

/** Numbers of the cell styles whose format shows a date. */
export function dateStyles(xml: string): ReadonlySet<number> {
  const codes = new Map<number, string>()
  const found = new Set<number>()
  let [inCells, style] = [false, 0]
  readOfficeXml(xml, {
    open(name, attributes) {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      if (name === 'cellXfs') inCells = true
      if (name !== 'xf' || !inCells) return
      const format = Number(attributes.numFmtId)
      if (isDateFormat(format, codes.get(format) ?? null)) found.add(style)
      style++
    },
    text: () => {},
    close(name) {
      if (name === 'cellXfs') inCells = false
    },
  })
  return found
}

const HEADERS = /^(odd|even|first)(Header|Footer)$/
/** Codes for fonts, colours, sides and fields in the header of a sheet. */
const HEADER_CODES = /&("[^"]*"|K[\dA-F]{6}|\d+|[A-Z])/gi

export function sheet(
  xml: string,
  sink: TextCollector,
  { sharedStrings, dateStyles, from1904 }: Workbook,
): void {
  let [type, value, style, inValue, header] = ['', '', 0, false, '']
  let inHeader = false
  const shown = () => {
    if (type === 's') return sharedStrings[Number(value)] ?? ''
    if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE'
    const isNumber = type === '' || type === 'n'
    return (isNumber && dateStyles.has(style) ? dateText(Number(value), from1904) : null) ?? value
  }
  readOfficeXml(xml, {
    open(name, attributes) {
      if (name === 'c') [type, value, style] = [attributes.t ?? '', '', Number(attributes.s ?? 0)]
      if (name === 'v' || name === 't') inValue = true
      if (HEADERS.test(name)) [inHeader, header] = [true, '']
    },
    text: (text) => {
      if (inValue) value += text
      if (inHeader) header += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      if (name === 'c' && value !== '') sink.add(`${shown()}\t`)
      if (name === 'row') sink.add('\n')
      if (!HEADERS.test(name)) return
      inHeader = false
      sink.add(`${header.replace(HEADER_CODES, ' ')}\n`)
    },
  })
}
