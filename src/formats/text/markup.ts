/**
 * Extracts text of HTML and XML. The parser ignores document type definitions: entities declared in a document stay
 * as written. Therefore they can neither include a file nor expand without limit ("billion laughs").
 */

import { Parser } from 'htmlparser2'
import type { TextNote } from '../../contracts/text-note.ts'
import type { TextLimits } from '../../wire/text.ts'
import { TextCollector, type TextExtractor, tidied } from '../documents/text-extractor.ts'
import { decodeText } from './decode-text.ts'

export const markup: TextExtractor = {
  id: 'markup',
  reads: (mediaType) =>
    mediaType === 'text/html' ||
    mediaType === 'text/x-generator-page' ||
    mediaType === 'application/xhtml+xml' ||
    mediaType === 'application/xml' ||
    mediaType === 'application/x-plist' ||
    mediaType === 'text/xml' ||
    mediaType.endsWith('+xml'),
  extract(bytes, limits) {
    const { text } = decodeText(bytes, declaredEncoding(bytes))
    return textOfHtml(text, limits)
  },
}

const HEAD_BYTES = 1024

function declaredEncoding(bytes: Buffer): string | undefined {
  return /(?:charset|encoding)\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1]
}

const UNSEEN = new Set(['script', 'style', 'noscript', 'template', 'object', 'svg', 'math'])
const BLOCKS = new Set(
  'address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead title tr ul'.split(
    ' ',
  ),
)

interface HtmlText {
  readonly text: string
  readonly warnings: readonly TextNote[]
  readonly notes: readonly TextNote[]
}

export function textOfHtml(html: string, limits: TextLimits): HtmlText {
  const sink = new TextCollector(limits)
  let unseen = 0
  let remote = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (UNSEEN.has(name)) unseen++
        if (BLOCKS.has(name)) sink.add(name === 'td' || name === 'th' ? '\t' : '\n')
        if (attributes.alt) sink.add(` ${attributes.alt} `)
        if (/^\s*(https?:|ftp:|\/\/)/i.test(attributes.src ?? '')) remote++
        if (sink.isFull) parser.pause()
      },
      ontext(text) {
        if (unseen === 0) sink.add(text)
      },
      onclosetag(name) {
        if (UNSEEN.has(name)) unseen = Math.max(0, unseen - 1)
        if (BLOCKS.has(name)) sink.add('\n')
      },
    },
    { decodeEntities: true },
  )
  parser.end(html)
  return {
    text: tidied(sink.text()),
    warnings: sink.warnings(),
    notes: remote > 0 ? [{ code: 'references-not-followed', params: { references: remote } }] : [],
  }
}

export interface XmlHandler {
  /** Names with their prefix, as written: `w:t`. */
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

/** Events of an XML part of an office document, at any depth: this code is not recursive. */
export function readXml(xml: string, handler: XmlHandler): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open?.(name, attributes),
      ontext: (text) => handler.text?.(text),
      onclosetag: (name) => handler.close?.(name),
    },
    { xmlMode: true, decodeEntities: true },
  )
  parser.end(xml)
}
