/** Selects the parts of an OOXML file that contain text, and extracts the text of each. */

import type { TextCollector } from '../documents/text-extractor.ts'
import { readOfficeXml } from './office-names.ts'
import { runs } from './office-runs.ts'
import { dateStyles, sharedStrings, sheet, type Workbook, workbook } from './office-sheets.ts'

const WORD_PART =
  /^word\/(document|footnotes|endnotes|comments\w*|header\d*|footer\d*|glossary\/document)\.xml$/
const SLIDE_PART = /^ppt\/(slides\/slide|notesSlides\/notesSlide|comments\/\w+)\d*\.xml$/
/** Text in shapes and diagrams, which are separate parts. */
const DRAWN_PART = /^(word|ppt|xl)\/(drawings\/drawing|diagrams\/data)\d*\.xml$/
const CHART_PART = /^(word|ppt|xl)\/charts\/chart(Ex)?\d*\.xml$/
const PROPERTIES = /^docProps\/(core|custom)\.xml$/

export function ooxmlPart(name: string, content: () => string, sink: TextCollector, notes: Workbook): void {
  if (WORD_PART.test(name))
    runs(content(), sink, {
      text: ['w:t', 'w:delText', 'w:instrText'],
      line: ['w:p', 'w:br'],
      tab: ['w:tab', 'w:tc'],
    })
  else if (SLIDE_PART.test(name))
    runs(content(), sink, { text: ['a:t', 'p:text'], line: ['a:p', 'a:br'], tab: ['a:tc'] })
  else if (name === 'xl/sharedStrings.xml') notes.sharedStrings = sharedStrings(content())
  else if (name === 'xl/styles.xml') notes.dateStyles = dateStyles(content())
  else if (name === 'xl/workbook.xml') workbook(content(), sink, notes)
  else if (/^xl\/worksheets\/sheet\d+\.xml$/.test(name)) sheet(content(), sink, notes)
  else if (CHART_PART.test(name)) chart(content(), sink)
  else if (DRAWN_PART.test(name)) runs(content(), sink, { text: ['a:t'], line: ['a:p', 'a:br'], tab: [] })
  else if (name.endsWith('.rels')) links(content(), sink)
  else if (/^xl\/(comments\d*|threadedComments\/\w+)\.xml$/.test(name))
    runs(content(), sink, { text: ['t', 'text'], line: ['comment', 'threadedComment'], tab: [] })
  else if (PROPERTIES.test(name))
    runs(content(), sink, {
      text: ['dc:title', 'dc:subject', 'dc:description', 'cp:keywords'],
      line: ['dc:title', 'dc:subject', 'dc:description', 'cp:keywords'],
      tab: [],
    })
}

/** Titles, and the cached names of series and categories: their source may be another file. */
function chart(xml: string, sink: TextCollector): void {
  let [inText, inNames] = [false, false]
  readOfficeXml(xml, {
    open(name) {
      if (/^c:(multiLvlS|s)trCache$/.test(name)) inNames = true
      if (name === 'a:t' || (inNames && name === 'c:v')) inText = true
    },
    text: (text) => {
      if (inText) sink.add(text)
    },
    close(name) {
      if (/^c:(multiLvlS|s)trCache$/.test(name)) inNames = false
      if (name === 'a:t' || name === 'c:v') inText = false
      if (name === 'a:p' || name === 'c:pt') sink.add('\n')
    },
  })
}

/** The target of a link is part of the text; it is never fetched. */
function links(xml: string, sink: TextCollector): void {
  readOfficeXml(xml, {
    open(name, { Type: type, Target: target }) {
      if (name === 'Relationship' && type?.endsWith('/hyperlink') && /^[a-z]+:/i.test(target ?? ''))
        sink.add(`${target}\n`)
    },
    text: () => {},
    close: () => {},
  })
}
