/**
 * Extracts text of Word documents before DOCX (97–2003, and 6/95). The piece table states the offset of each range of
 * characters. Footnotes, headers, comments and text boxes follow the main text in it and are extracted too, including
 * deleted words.
 * @see MS-DOC 2.4.1 (Retrieving Text), 2.5 (FIB), 2.9.38 (Clx)
 */
import iconv from 'iconv-lite'
import type { CompoundFile } from '../compound/compound-file.ts'
import { TextDamaged } from '../documents/text-extractor.ts'
import { type CompoundWords, requiredStream } from './compound-words.ts'
import { decodeText } from './decode-text.ts'

const IDENTIFIERS = [0xa5ec, 0xa5dc]
const VERSION_97 = 0xc1
const COMPLEX = 0x0004
const SECOND_TABLE = 0x0200
/** fcClx and its length: FibRgFcLcb97 starts at 154, and they are its 34th pair. In Word 6/95 they are at 0x160. */
const CLX_97 = 154 + 33 * 8
const CLX_95 = 0x160
const MAX_PIECES = 1_000_000

interface Piece {
  readonly at: number
  readonly chars: number
  readonly wide: boolean
}

/** @throws TextDamaged */
export function readWord(file: CompoundFile, at: string, words: CompoundWords): void {
  const main = requiredStream(file, at, ['WordDocument'], words)
  if (main.length < 68 || !IDENTIFIERS.includes(main.readUInt16LE(0)))
    throw new TextDamaged({ code: 'no-word-header', params: {} })
  const flags = main.readUInt16LE(10)
  const is97 = main.readUInt16LE(2) >= VERSION_97
  const pieces = [...(is97 ? pieces97(file, at, main, flags, words) : pieces95(main, flags))]
  const encoding = is97 ? 'windows-1252' : encodingOf95(main, pieces)
  let damaged = 0
  let text = ''
  for (const piece of pieces) {
    const end = endOf(piece)
    if (piece.at > main.length || end > main.length) damaged++
    text += iconv.decode(main.subarray(piece.at, end), piece.wide ? 'utf-16le' : encoding)
    if (text.length > words.sink.room) break
  }
  if (damaged > 0) words.warnings.add({ code: 'text-outside-file', params: { stretches: damaged } })
  words.sink.add(plainWords(text))
}

function pieces97(
  file: CompoundFile,
  at: string,
  main: Buffer,
  flags: number,
  words: CompoundWords,
): Iterable<Piece> {
  if (main.length < CLX_97 + 8) throw new TextDamaged({ code: 'header-breaks-off', params: {} })
  const table = requiredStream(
    file,
    at,
    flags & SECOND_TABLE ? ['1Table', '0Table'] : ['0Table', '1Table'],
    words,
  )
  const start = main.readUInt32LE(CLX_97)
  const clx = table.subarray(start, start + main.readUInt32LE(CLX_97 + 4))
  if (clx.length === 0) throw new TextDamaged({ code: 'text-table-outside-file', params: {} })
  return piecesOf(clx, (fc) =>
    fc & 0x4000_0000 ? { at: (fc & 0x3fff_ffff) >>> 1, wide: false } : { at: fc & 0x3fff_ffff, wide: true },
  )
}

function pieces95(main: Buffer, flags: number): Iterable<Piece> {
  const [from, to] = [main.readUInt32LE(24), main.readUInt32LE(28)]
  if (!(flags & COMPLEX) || main.length < CLX_95 + 8)
    return [{ at: from, chars: Math.max(0, to - from), wide: false }]
  const start = main.readUInt32LE(CLX_95)
  return piecesOf(main.subarray(start, start + main.readUInt32LE(CLX_95 + 4)), (fc) => ({
    at: fc,
    wide: false,
  }))
}

/**
 * Formatting exceptions (1) come first, then the piece table (2): character positions, then eight bytes for each
 * piece.
 */
function* piecesOf(clx: Buffer, place: (fc: number) => { at: number; wide: boolean }): Generator<Piece> {
  let at = 0
  while (at + 3 <= clx.length && clx[at] === 1) at += 3 + clx.readUInt16LE(at + 1)
  if (at + 5 > clx.length || clx[at] !== 2) throw new TextDamaged({ code: 'text-table-damaged', params: {} })
  const plc = clx.subarray(at + 5, at + 5 + clx.readUInt32LE(at + 1))
  const count = Math.min(Math.floor((plc.length - 4) / 12), MAX_PIECES)
  for (let i = 0; i < count; i++) {
    const chars = plc.readUInt32LE((i + 1) * 4) - plc.readUInt32LE(i * 4)
    if (chars <= 0) continue
    yield { chars, ...place(plc.readUInt32LE((count + 1) * 4 + i * 8 + 2)) }
  }
}

/**
 * Word 6/95 states the language of its user interface, not the code page of the text. The encoding is detected from
 * the text.
 */
function encodingOf95(main: Buffer, pieces: readonly Piece[]): string {
  const sample = Buffer.concat(
    pieces
      .slice(0, SAMPLE_PIECES)
      .map((piece) => main.subarray(piece.at, Math.min(endOf(piece), piece.at + SAMPLE_BYTES))),
  )
  return decodeText(Buffer.from(sample.filter((byte) => byte >= 0x20))).encoding
}

const SAMPLE_PIECES = 64
const SAMPLE_BYTES = 64 * 1024

function endOf({ at, chars, wide }: Piece): number {
  return at + chars * (wide ? 2 : 1)
}

const FIELD_BEGIN = '\u0013'
const FIELD_SEPARATOR = '\u0014'
const FIELD_END = '\u0015'

/**
 * Special characters (MS-DOC 2.4.1 and 2.8.25): the instruction of a field is left out, the target of a link is kept.
 */
function plainWords(text: string): string {
  const parts: string[] = []
  const fields: { instruction: string; open: boolean }[] = []
  for (const piece of text.split(/([\u0013\u0014\u0015])/)) {
    const field = fields.at(-1)
    if (piece === FIELD_BEGIN) fields.push({ instruction: '', open: true })
    else if (piece === FIELD_SEPARATOR && field) {
      field.open = false
      const link = /^\s*HYPERLINK\s+(?:\\l\s+)?"([^"]*)"/.exec(field.instruction)?.[1]
      if (link) parts.push(`${link} `)
    } else if (piece === FIELD_END) fields.pop()
    else if (field?.open) field.instruction += piece
    else parts.push(piece)
  }
  return parts
    .join('')
    .replace(/[\r\v\f\u000e]/g, '\n')
    .replace(/\u0007/g, '\t')
    .replace(/\u001e/g, '-')
    .replace(/[\0-\u0008\u0010-\u001f]/g, '')
}
