/** List of text extractors: one file and one row for each kind. The first that accepts the media type is used. */

import { pdf } from '../documents/pdf.ts'
import type { TextExtractor } from '../documents/text-extractor.ts'
import { compound } from './compound.ts'
import { discord } from './discord.ts'
import { json } from './json.ts'
import { mailbox, message } from './mail.ts'
import { markup } from './markup.ts'
import { epub, ooxml, opendocument } from './office.ts'
import { plain } from './plain.ts'
import { rtf } from './rtf.ts'
import { sqlite } from './sqlite.ts'
import { table } from './table.ts'

export const TEXT_EXTRACTORS: readonly TextExtractor[] = [
  pdf,
  ooxml,
  opendocument,
  epub,
  compound,
  message,
  mailbox,
  rtf,
  markup,
  discord,
  json,
  table,
  sqlite,
  plain,
]

export function textExtractorFor(mediaType: string): TextExtractor | null {
  return TEXT_EXTRACTORS.find((extractor) => extractor.reads(mediaType)) ?? null
}
