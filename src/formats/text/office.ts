/**
 * Extracts text of OOXML, OpenDocument and EPUB: ZIP files of XML parts, read part by part under a budget. Macros,
 * embedded objects and external relations are reported in a note and not opened.
 */

import type { TextLimits } from '../../wire/text.ts'
import { Budget, ContainerDamaged, LimitReached, wholeContent } from '../archives/common/container.ts'
import { zip } from '../archives/zip.ts'
import { sourceOfBuffer } from '../bytes/byte-source.ts'
import {
  type ExtractedText,
  TextCollector,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  tidied,
} from '../documents/text-extractor.ts'
import { decodeText } from './decode-text.ts'
import { textOfHtml } from './markup.ts'
import { NoteSet } from './note-set.ts'
import { readOfficeXml } from './office-names.ts'
import { runs } from './office-runs.ts'
import { emptyWorkbook, type Workbook } from './office-sheets.ts'
import { ooxmlPart } from './ooxml-parts.ts'

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
  sink: TextCollector,
  notes: Notes,
  limits: TextLimits,
) => void

/** Values that later parts need, and notes for the result. */
interface Notes extends Workbook {
  readonly warnings: NoteSet
  readonly notes: NoteSet
}

async function fromParts(bytes: Buffer, limits: TextLimits, read: ReadPart): Promise<ExtractedText> {
  const budget = new Budget(
    { entries: MAX_PARTS, bytes: limits.unpackedBytes, ratio: limits.ratio },
    bytes.length,
  )
  const parts: { readonly name: string; readonly content: Buffer }[] = []
  const notes: Notes = {
    warnings: new NoteSet(),
    notes: new NoteSet(),
    ...emptyWorkbook(),
  }
  let damaged = 0
  try {
    for await (const member of zip.members(sourceOfBuffer(bytes), budget)) {
      const name = member.name.toString('utf8')
      if (/vbaProject\.bin$|(^|\/)Basic\//.test(name)) notes.notes.add({ code: 'macros-not-run', params: {} })
      if (/(^|\/)(embeddings|Object \d+)\//.test(name)) notes.notes.add({ code: 'objects-apart', params: {} })
      if (!/\.(xml|rels|xhtml|html?)$/i.test(name) || member.read === null) continue
      const content = await wholeContent(member)
      if (Buffer.isBuffer(content)) parts.push({ name, content })
      else if (content?.result === 'not-done' && content.reason === 'encrypted-member')
        throw new TextEncrypted()
      else damaged++
    }
  } catch (error) {
    if (error instanceof LimitReached)
      notes.warnings.add({ code: 'unpacked-in-part', params: { what: error.what, limit: error.limit } })
    else if (!(error instanceof ContainerDamaged) || parts.length === 0) throw error
    else notes.warnings.add({ code: 'file-breaks-off', params: {} })
  }
  if (damaged > 0) notes.warnings.add({ code: 'parts-damaged', params: { parts: damaged } })
  const sink = new TextCollector(limits)
  parts.sort((a, b) => compareParts(a.name, b.name))
  for (const { name, content } of parts) {
    if (name.endsWith('.rels') && /TargetMode\s*=\s*["']External/i.test(content.toString('latin1')))
      notes.notes.add({ code: 'links-not-fetched', params: {} })
    if (/^META-INF\/manifest\.xml$/.test(name) && content.includes('encryption-data'))
      throw new TextEncrypted()
    read(name, () => decodeText(content).text, sink, notes, limits)
  }
  const text = tidied(sink.text())
  if (text === '' && damaged > 0) throw new TextDamaged({ code: 'all-parts-damaged', params: {} })
  return { text, warnings: [...notes.warnings.all, ...sink.warnings()], notes: notes.notes.all }
}

/**
 * Order of the parts: shared strings, styles and the workbook before the sheets that use them; slide 2 before slide
 * 10; the main part before notes and comments.
 */
function compareParts(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || a.localeCompare(b, 'en', { numeric: true })
}

function rankOf(name: string): number {
  if (/sharedStrings\.xml$|^xl\/(styles|workbook)\.xml$/.test(name)) return 0
  return /(document|content|slide\d+|sheet\d+)\.xml$/.test(name) ? 1 : 2
}

function odfPart(name: string, content: () => string, sink: TextCollector, notes: Notes): void {
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
      if (tag === 'script:event-listener') notes.notes.add({ code: 'macros-not-run', params: {} })
      if (/^https?:/i.test(attributes['xlink:href'] ?? '') && tag === 'draw:image')
        notes.notes.add({ code: 'links-not-fetched', params: {} })
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
  sink: TextCollector,
  notes: Notes,
  limits: TextLimits,
): void {
  if (!/\.(xhtml|html?)$/i.test(name)) return
  const { text, warnings } = textOfHtml(content(), limits)
  for (const warning of warnings) notes.warnings.add(warning)
  sink.add(`${text}\n`)
}
