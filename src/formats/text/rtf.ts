/**
 * Extracts text of RTF. Control words are skipped, and groups without text of the document (fonts, pictures, objects,
 * templates). Objects are never unpacked here and templates never fetched.
 * @see Microsoft, "Rich Text Format (RTF) Specification", version 1.9.1
 */

import iconv from 'iconv-lite'
import type { TextNote } from '../../contracts/text-note.ts'
import { TextCollector, type TextExtractor, tidied } from '../documents/text-extractor.ts'

export const rtf: TextExtractor = {
  id: 'rtf',
  reads: (mediaType) => mediaType === 'application/rtf' || mediaType === 'text/rtf',
  extract(bytes, limits) {
    const reader = new RtfReader(new TextCollector(limits))
    reader.read(bytes.toString('latin1'))
    return { text: tidied(reader.sink.text()), warnings: reader.sink.warnings(), notes: reader.notes() }
  },
}

/** Destinations whose text is not text of the document. `\*` marks further destinations that a reader may ignore. */
const SKIPPED = new Set(
  'fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping latentstyles datastore listtable listoverridetable revtbl rsidtbl generator xmlnstbl mmathPr filetbl fldinst template nonshppict'.split(
    ' ',
  ),
)
/** Marked destinations that nevertheless contain text for a person. */
const KEPT_THOUGH_MARKED = new Set(['annotation', 'shptxt', 'shppict', 'footnote', 'mhtmltag'])

const BREAKS: Readonly<Record<string, string>> = {
  par: '\n',
  line: '\n',
  sect: '\n',
  page: '\n',
  row: '\n',
  cell: '\t',
  tab: '\t',
  emdash: '—',
  endash: '–',
  lquote: '‘',
  rquote: '’',
  ldblquote: '“',
  rdblquote: '”',
  bullet: '•',
}

// \fcharsetN → code page (specification, "Font Table").
const CHARSETS: Readonly<Record<number, string>> = {
  0: 'windows-1252',
  128: 'shift_jis',
  129: 'euc-kr',
  134: 'gbk',
  136: 'big5',
  161: 'windows-1253',
  162: 'windows-1254',
  177: 'windows-1255',
  178: 'windows-1256',
  186: 'windows-1257',
  204: 'windows-1251',
  238: 'windows-1250',
}

const TOKEN =
  /\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/g
/** Maximum nesting of groups; deeper groups are not tracked separately. */
const MAX_GROUPS = 1000

interface Group {
  readonly skipped: boolean
  readonly encoding: string
  /** Count of characters after a \u that a reader must skip when it supports \u (\ucN). */
  readonly fallbackChars: number
}

class RtfReader {
  readonly sink: TextCollector
  readonly #fonts = new Map<number, string>()
  readonly #groups: Group[] = []
  #group: Group = { skipped: false, encoding: 'windows-1252', fallbackChars: 1 }
  #page = 'windows-1252'
  #inFonts = 0
  #font = 0
  #pending: number[] = []
  #toSkip = 0
  #objects = 0
  #remote = 0
  #marked = false

  constructor(sink: TextCollector) {
    this.sink = sink
  }

  notes(): TextNote[] {
    return [
      ...(this.#objects > 0
        ? [{ code: 'objects-not-opened', params: { objects: this.#objects } } as const]
        : []),
      ...(this.#remote > 0 ? [{ code: 'links-not-fetched', params: {} } as const] : []),
    ]
  }

  read(source: string): void {
    for (const [, word, number, hex, symbol, brace, text] of source.matchAll(TOKEN)) {
      if (this.sink.isFull) return
      if (hex !== undefined) this.#byte(Number.parseInt(hex, 16))
      else if (text !== undefined) this.#plain(text)
      else if (word !== undefined) this.#word(word, number === undefined ? null : Number(number))
      else if (brace === '{') this.#open()
      else if (brace === '}') this.#close()
      else if (symbol !== undefined) this.#symbol(symbol)
    }
    this.#flush()
  }

  #open(): void {
    this.#flush()
    this.#marked = false
    if (this.#groups.length < MAX_GROUPS) this.#groups.push(this.#group)
  }

  #close(): void {
    this.#flush()
    this.#group = this.#groups.pop() ?? this.#group
    if (this.#groups.length < this.#inFonts) this.#inFonts = 0
  }

  #word(word: string, number: number | null): void {
    if (word === 'u' && number !== null) {
      this.#flush()
      this.#put(String.fromCharCode(number < 0 ? number + 65_536 : number & 0xffff))
      this.#toSkip = this.#group.fallbackChars
      return
    }
    this.#flush()
    if (word === 'uc') this.#group = { ...this.#group, fallbackChars: Math.min(number ?? 1, 16) }
    else if (word === 'ansicpg') this.#setPage(number)
    else if (word === 'fonttbl') this.#inFonts = this.#groups.length
    else if (word === 'f' && number !== null) this.#selectFont(number)
    else if (word === 'fcharset' && this.#inFonts > 0)
      this.#fonts.set(this.#font, CHARSETS[number ?? 0] ?? this.#page)
    if (word === 'objdata' || word === 'object') this.#objects += word === 'object' ? 1 : 0
    if (word === 'template' || word === 'objautlink' || word === 'linkself') this.#remote++
    const markedOut = this.#marked && !KEPT_THOUGH_MARKED.has(word)
    this.#marked = false
    if (markedOut || SKIPPED.has(word)) this.#group = { ...this.#group, skipped: true }
    else if (BREAKS[word]) this.#put(BREAKS[word])
    else if (word === 'bin' && number !== null) this.#toSkip = Math.max(0, number)
  }

  #symbol(symbol: string): void {
    if (symbol === '*') this.#marked = true
    else if (symbol === '~') this.#plain('\u00a0')
    else if (symbol === '_') this.#plain('-')
    else if ('\\{}'.includes(symbol)) this.#plain(symbol)
    else if (symbol === '\n' || symbol === '\r') this.#put('\n')
  }

  #setPage(number: number | null): void {
    const encoding = `windows-${number}`
    if (!iconv.encodingExists(encoding)) return
    this.#page = encoding
    this.#group = { ...this.#group, encoding }
  }

  #selectFont(number: number): void {
    this.#font = number
    if (this.#inFonts === 0) this.#group = { ...this.#group, encoding: this.#fonts.get(number) ?? this.#page }
  }

  #byte(byte: number): void {
    if (this.#toSkip > 0) this.#toSkip--
    else if (!this.#group.skipped) this.#pending.push(byte)
  }

  #plain(text: string): void {
    const kept = text.slice(this.#toSkip)
    this.#toSkip -= text.length - kept.length
    for (let i = 0; i < kept.length && !this.#group.skipped; i++)
      this.#pending.push(kept.charCodeAt(i) & 0xff)
  }

  #flush(): void {
    if (this.#pending.length === 0) return
    const bytes = Buffer.from(this.#pending)
    this.#pending = []
    this.#put(iconv.decode(bytes, this.#group.encoding))
  }

  #put(text: string): void {
    if (!this.#group.skipped) this.sink.add(text)
  }
}
