/**
 * A signature inside a PDF (PAdES B-B), appended to it: no existing byte changes. It signs only PDFs that `seized
 * report` wrote: a plain table of objects at the end, no form of their own.
 *
 * The signature covers the whole file except the hexadecimal text of the signature itself. A digest of the file before
 * signing would be wrong: readers check the signature against the file with it.
 * @see ETSI EN 319 142-1, 5 and 6.3; ISO 32000-1, 7.5.6 and 12.8
 */
import type { X509Certificate } from 'node:crypto'
import { type CheckedCms, checkCms, makeDetachedCms, type SignBytes } from './cms.ts'
import { firstDer, NotDer } from './der.ts'

/** Room for a signature with the certificates of its authorities. */
const CONTENTS_BYTES = 16_384
/** Digits reserved for an offset in the file, filled with blanks. */
const PLACE_DIGITS = 12

/** @throws NotDer with a sentence when it is no such PDF, or the signature does not fit */
export async function signPdf(
  pdf: Buffer,
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  at: Date,
  sign: SignBytes,
): Promise<Buffer> {
  const table = tableOf(pdf)
  const catalog = objectAt(pdf, table, table.root)
  if (/\/AcroForm\b/.test(catalog)) throw new NotDer('it is signed already, or holds a form')
  const page = firstPage(pdf, table, catalog)
  const [field, value] = [table.size, table.size + 1]
  const objects: readonly (readonly [number, string])[] = [
    [table.root, withEntry(catalog, `/AcroForm << /Fields [${field} 0 R] /SigFlags 3 >>`)],
    [page.number, withEntry(page.text, `/Annots [${field} 0 R]`)],
    [
      field,
      // Of no size, so that no page changes. Printed and locked, as PDF/A requires.
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature) /V ${value} 0 R /P ${page.number} 0 R /Rect [0 0 0 0] /F 132 >>`,
    ],
    [
      value,
      `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:${dateText(at)}) /ByteRange [0 ${BLANK} ${BLANK} ${BLANK}] /Contents <${'0'.repeat(2 * CONTENTS_BYTES)}> >>`,
    ],
  ]
  const whole = appended(pdf, table, objects)
  const from = whole.lastIndexOf('/Contents <') + '/Contents '.length
  const to = from + 2 * CONTENTS_BYTES + 2
  const ranges = [from, to, whole.length - to].map((one) => String(one).padEnd(PLACE_DIGITS))
  const placed = whole.lastIndexOf(`[0 ${BLANK} ${BLANK} ${BLANK}]`)
  whole.write(`[0 ${ranges.join(' ')}]`, placed, 'latin1')
  const signed = Buffer.concat([whole.subarray(0, from), whole.subarray(to)])
  // /M has the time; PAdES forbids a second one.
  const cms = await makeDetachedCms(signed, certificate, others, null, sign)
  if (cms.length > CONTENTS_BYTES) throw new NotDer('its certificates are too many to fit')
  whole.write(cms.toString('hex'), from + 1, 'latin1')
  return whole
}

export interface CheckedPdf extends Pick<CheckedCms, 'certificate' | 'certificates'> {
  /** As the signer states it. */
  readonly at: Date
  /** The file without the signature. */
  readonly original: Buffer
}

/**
 * @throws NotDer with a sentence when it has no signature of this form, or the signature does not cover the whole file
 */
export function checkPdf(pdf: Buffer): CheckedPdf {
  const text = pdf.toString('latin1')
  const all = [...text.matchAll(/\/ByteRange \[0 (\d+) +(\d+) +(\d+) *\]/g)]
  const [, ...numbers] = all.at(-1) ?? []
  const [from = 0, to = 0, rest = 0] = numbers.map(Number)
  if (all.length !== 1) throw new NotDer(all.length === 0 ? 'it is not signed' : 'it has several signatures')
  if (to + rest !== pdf.length) throw new NotDer('something was appended after it was signed')
  const hex = text.slice(from, to)
  if (to <= from || !/^<(?:[0-9a-f]{2})+>$/i.test(hex))
    throw new NotDer('its signature leaves out more than itself')
  const value = Buffer.from(hex.slice(1, -1), 'hex')
  const cms = firstDer(value)
  if (value.subarray(cms.length).some((byte) => byte !== 0))
    throw new NotDer('something stands behind its signature')
  const checked = checkCms(cms, Buffer.concat([pdf.subarray(0, from), pdf.subarray(to)]))
  const stated = /\/M \(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z\)/.exec(text.slice(0, from).slice(-400))
  const at = new Date(
    stated ? `${stated.slice(1, 4).join('-')}T${stated.slice(4, 7).join(':')}Z` : Number.NaN,
  )
  if (Number.isNaN(at.getTime())) throw new NotDer('it does not say when it was signed')
  const end = text.lastIndexOf('%%EOF', text.lastIndexOf('/AcroForm'))
  return {
    certificate: checked.certificate,
    certificates: checked.certificates,
    at,
    original: pdf.subarray(0, end + 5),
  }
}

const BLANK = '#'.repeat(PLACE_DIGITS)

interface Table {
  /** Offset of the table. */
  readonly start: number
  readonly size: number
  readonly root: number
  /** Entries of the trailer that go on. */
  readonly more: string
}

function tableOf(pdf: Buffer): Table {
  const tail = pdf.subarray(-2048).toString('latin1')
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(tail)?.[1] ?? Number.NaN)
  const trailer = /trailer\s*<<([\s\S]*?)>>\s*startxref/.exec(tail)?.[1] ?? ''
  const [, size] = /\/Size (\d+)/.exec(trailer) ?? []
  const [, root] = /\/Root (\d+) 0 R/.exec(trailer) ?? []
  const isTable = pdf.subarray(start, start + 4).toString('latin1') === 'xref'
  if (!isTable || size === undefined || root === undefined || /\/Prev/.test(trailer))
    throw new NotDer('it is no PDF as seized report writes it')
  const more = /\/Info \d+ 0 R/.exec(trailer)?.[0] ?? ''
  const id = /\/ID \[[\s\S]*?\]/.exec(trailer)?.[0] ?? ''
  return { start, size: Number(size), root: Number(root), more: [more, id].join(' ') }
}

/** Between `obj` and `endobj`. */
function objectAt(pdf: Buffer, { start, size }: Table, number: number): string {
  const head = /^xref\s+0 (\d+)\s*\n/.exec(pdf.subarray(start, start + 40).toString('latin1'))
  if (!head || Number(head[1]) !== size || number >= size)
    throw new NotDer('it is no PDF as seized report writes it')
  const row = start + head[0].length + number * 20
  const at = Number(pdf.subarray(row, row + 10).toString('latin1'))
  const end = pdf.indexOf('endobj', at)
  const text = pdf.subarray(at, end).toString('latin1')
  const [begin] = new RegExp(`^${number} 0 obj\\s*`).exec(text) ?? []
  if (begin === undefined || end < 0) throw new NotDer('its table of objects does not lead to them')
  return text.slice(begin.length).trim()
}

function firstPage(pdf: Buffer, table: Table, catalog: string) {
  let number = Number(/\/Pages (\d+) 0 R/.exec(catalog)?.[1] ?? Number.NaN)
  // Trees of pages are as deep as the logarithm of their number.
  for (let depth = 0; depth < 32; depth++) {
    const text = objectAt(pdf, table, number)
    if (/\/Type \/Page\b(?!s)/.test(text)) return { number, text }
    number = Number(/\/Kids \[\s*(\d+) 0 R/.exec(text)?.[1] ?? Number.NaN)
  }
  throw new NotDer('it has no first page')
}

function withEntry(dictionary: string, entry: string): string {
  const end = dictionary.lastIndexOf('>>')
  const name = entry.split(' ')[0]!
  if (end < 0 || new RegExp(`${name}\\b`).test(dictionary))
    throw new NotDer(`it has an entry ${name} already`)
  return `${dictionary.slice(0, end)}${entry}\n>>`
}

function appended(pdf: Buffer, table: Table, objects: readonly (readonly [number, string])[]): Buffer {
  const pieces: Buffer[] = [pdf, Buffer.from('\n')]
  let at = pdf.length + 1
  const rows = objects.map(([number, text]) => {
    const piece = Buffer.from(`${number} 0 obj\n${text}\nendobj\n`, 'latin1')
    const row = `${number} 1\n${String(at).padStart(10, '0')} 00000 n\r\n`
    pieces.push(piece)
    at += piece.length
    return row
  })
  const size = table.size + 2
  pieces.push(
    Buffer.from(
      `xref\n${rows.join('')}trailer\n<< /Size ${size} /Root ${table.root} 0 R ${table.more} /Prev ${table.start} >>\nstartxref\n${at}\n%%EOF\n`,
      'latin1',
    ),
  )
  return Buffer.concat(pieces)
}

/** As PDF writes it: `20261126120000Z`. */
function dateText(at: Date): string {
  return at.toISOString().replace(/[-:T]|\.\d+/g, '')
}
