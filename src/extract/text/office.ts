/**
 * Text of OOXML, OpenDocument and EPUB: ZIP files of XML parts, read part by part under a budget. Macros, embedded objects
 * and everything that a relation points to outside the file are named in a warning and left alone.
 */
import { sourceOfBuffer } from '../byte-source.ts'
import { Budget, ContainerDamaged, LimitReached, wholeContent } from '../containers/container.ts'
import { zip } from '../containers/zip.ts'
import { decodeText } from './decode-text.ts'
import { textOfHtml } from './markup.ts'
import { readOfficeXml } from './office-names.ts'
import {
  type ExtractedText,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  type TextLimits,
  TextSink,
  tidied,
} from './text-extractor.ts'

const OOXML =
  /^application\/vnd\.(openxmlformats-officedocument|ms-(word|excel|powerpoint)\.(document|sheet|template|slideshow|presentation|addin)\.)/
const ODF = /^application\/vnd\.oasis\.opendocument\./

export const ooxml: TextExtractor = {
  id: 'ooxml',
  reads: (mediaType) => OOXML.test(mediaType),
  extract: (bytes, limits) => fromParts(bytes, limits, ooxmlPart),
}

export const opendocument: TextExtractor = {
  id: 'opendocument',
  reads: (mediaType) => ODF.test(mediaType),
  extract: (bytes, limits) => fromParts(bytes, limits, odfPart),
}

export const epub: TextExtractor = {
  id: 'epub',
  reads: (mediaType) => mediaType === 'application/epub+zip',
  extract: (bytes, limits) => fromParts(bytes, limits, epubPart),
}

const MAX_PARTS = 20_000

type ReadPart = (
  name: string,
  content: () => string,
  sink: TextSink,
  notes: Notes,
  limits: TextLimits,
) => void

/** What a reader of parts may need later or must tell. */
interface Notes {
  readonly warnings: Set<string>
  readonly notes: Set<string>
  sharedStrings: readonly string[]
}

async function fromParts(bytes: Buffer, limits: TextLimits, read: ReadPart): Promise<ExtractedText> {
  const budget = new Budget(
    { entries: MAX_PARTS, bytes: limits.unpackedBytes, ratio: limits.ratio },
    bytes.length,
  )
  const parts: { readonly name: string; readonly content: Buffer }[] = []
  const notes: Notes = { warnings: new Set(), notes: new Set(), sharedStrings: [] }
  let damaged = 0
  try {
    for await (const member of zip.members(sourceOfBuffer(bytes), budget)) {
      const name = member.name.toString('utf8')
      if (/vbaProject\.bin$|(^|\/)Basic\//.test(name)) notes.notes.add('macros were not run')
      if (/(^|\/)(embeddings|Object \d+)\//.test(name))
        notes.notes.add('embedded objects are contents of their own')
      if (!/\.(xml|rels|xhtml|html?)$/i.test(name) || member.read === null) continue
      const content = await wholeContent(member)
      if (Buffer.isBuffer(content)) parts.push({ name, content })
      else if (content?.result === 'not-done' && content.reason === 'encrypted-member')
        throw new TextEncrypted()
      else damaged++
    }
  } catch (error) {
    if (error instanceof LimitReached) notes.warnings.add(`unpacked in part: ${error.message}`)
    else if (!(error instanceof ContainerDamaged) || parts.length === 0) throw error
    else notes.warnings.add('the file breaks off')
  }
  if (damaged > 0) notes.warnings.add(`${damaged} parts are damaged`)
  const sink = new TextSink(limits)
  parts.sort((a, b) => compareParts(a.name, b.name))
  for (const { name, content } of parts) {
    if (name.endsWith('.rels') && /TargetMode\s*=\s*["']External/i.test(content.toString('latin1')))
      notes.notes.add('what the document links to outside itself was not fetched')
    if (/^META-INF\/manifest\.xml$/.test(name) && content.includes('encryption-data'))
      throw new TextEncrypted()
    read(name, () => decodeText(content).text, sink, notes, limits)
  }
  const text = tidied(sink.text())
  if (text === '' && damaged > 0) throw new TextDamaged('every part of it is damaged')
  return { text, warnings: [...notes.warnings, ...sink.warnings()], notes: [...notes.notes] }
}

/** Shared strings before the sheets that use them; slide 2 before slide 10; the main part before notes and comments. */
function compareParts(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || a.localeCompare(b, 'en', { numeric: true })
}

function rankOf(name: string): number {
  if (/sharedStrings\.xml$/.test(name)) return 0
  return /(document|content|slide\d+|sheet\d+)\.xml$/.test(name) ? 1 : 2
}

const WORD_PART =
  /^word\/(document|footnotes|endnotes|comments\w*|header\d*|footer\d*|glossary\/document)\.xml$/
const SLIDE_PART = /^ppt\/(slides\/slide|notesSlides\/notesSlide|comments\/\w+)\d*\.xml$/
const PROPERTIES = /^docProps\/(core|custom)\.xml$/

function ooxmlPart(name: string, content: () => string, sink: TextSink, notes: Notes): void {
  if (WORD_PART.test(name))
    runs(content(), sink, {
      text: ['w:t', 'w:delText', 'w:instrText'],
      line: ['w:p', 'w:br'],
      tab: ['w:tab', 'w:tc'],
    })
  else if (SLIDE_PART.test(name))
    runs(content(), sink, { text: ['a:t', 'p:text'], line: ['a:p', 'a:br'], tab: ['a:tc'] })
  else if (name === 'xl/sharedStrings.xml') notes.sharedStrings = sharedStrings(content())
  else if (/^xl\/worksheets\/sheet\d+\.xml$/.test(name)) sheet(content(), sink, notes.sharedStrings)
  else if (/^xl\/(comments\d*|threadedComments\/\w+)\.xml$/.test(name))
    runs(content(), sink, { text: ['t', 'text'], line: ['comment', 'threadedComment'], tab: [] })
  else if (PROPERTIES.test(name))
    runs(content(), sink, {
      text: ['dc:title', 'dc:subject', 'dc:description', 'cp:keywords'],
      line: ['dc:title', 'dc:subject', 'dc:description', 'cp:keywords'],
      tab: [],
    })
}

interface RunNames {
  readonly text: readonly string[]
  readonly line: readonly string[]
  readonly tab: readonly string[]
}

function runs(xml: string, sink: TextSink, names: RunNames): void {
  let inText = 0
  readOfficeXml(xml, {
    open(name) {
      if (names.text.includes(name)) inText++
      if (names.tab.includes(name)) sink.add('\t')
    },
    text: (text) => {
      if (inText > 0) sink.add(text)
    },
    close(name) {
      if (names.text.includes(name)) inText = Math.max(0, inText - 1)
      if (names.line.includes(name)) sink.add('\n')
    },
  })
}

function sharedStrings(xml: string): string[] {
  const all: string[] = []
  let [current, inText] = ['', false]
  readOfficeXml(xml, {
    open(name) {
      if (name === 'si') current = ''
      // Phonetic guides (rPh) repeat the words in another script.
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

function sheet(xml: string, sink: TextSink, shared: readonly string[]): void {
  let [type, value, inValue] = ['', '', false]
  readOfficeXml(xml, {
    open(name, attributes) {
      if (name === 'c') [type, value] = [attributes.t ?? '', '']
      if (name === 'v' || name === 't') inValue = true
    },
    text: (text) => {
      if (inValue) value += text
    },
    close(name) {
      if (name === 'v' || name === 't') inValue = false
      if (name === 'c' && value !== '') sink.add(`${type === 's' ? (shared[Number(value)] ?? '') : value}\t`)
      if (name === 'row') sink.add('\n')
    },
  })
}

function odfPart(name: string, content: () => string, sink: TextSink, notes: Notes): void {
  if (name === 'meta.xml')
    runs(content(), sink, {
      text: ['dc:title', 'dc:subject', 'dc:description', 'meta:keyword'],
      line: ['dc:title', 'dc:subject', 'dc:description', 'meta:keyword'],
      tab: [],
    })
  if (!/^(Object \d+\/)?content\.xml$|^styles\.xml$/.test(name)) return
  let [inBody, skipped] = [0, 0]
  readOfficeXml(content(), {
    open(tag, attributes) {
      if (tag === 'office:body' || tag === 'office:master-styles') inBody++
      if (tag === 'script:event-listener') notes.notes.add('macros were not run')
      if (/^https?:/i.test(attributes['xlink:href'] ?? '') && tag === 'draw:image')
        notes.notes.add('what the document links to outside itself was not fetched')
      if (tag === 'text:tracked-changes' || tag === 'office:annotation')
        skipped += tag === 'text:tracked-changes' ? 1 : 0
      if (tag === 'text:s') sink.add(' '.repeat(Math.min(Number(attributes['text:c'] ?? 1) || 1, 100)))
      if (tag === 'text:tab' || tag === 'table:table-cell') sink.add('\t')
      if (tag === 'text:line-break') sink.add('\n')
    },
    text: (text) => {
      if (inBody > 0 && skipped === 0) sink.add(text)
    },
    close(tag) {
      if (tag === 'office:body' || tag === 'office:master-styles') inBody--
      if (tag === 'text:tracked-changes') skipped = Math.max(0, skipped - 1)
      if (/^text:[ph]$/.test(tag) || tag === 'table:table-row') sink.add('\n')
    },
  })
}

function epubPart(
  name: string,
  content: () => string,
  sink: TextSink,
  notes: Notes,
  limits: TextLimits,
): void {
  if (!/\.(xhtml|html?)$/i.test(name)) return
  const { text, warnings } = textOfHtml(content(), limits)
  for (const warning of warnings) notes.warnings.add(warning)
  sink.add(`${text}\n`)
}
