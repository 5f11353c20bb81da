/**
 * Extracts text of the older Office formats (DOC, XLS, PPT) and of Outlook messages, by the program that wrote the
 * compound file.
 */

import type { TextNote } from '../../contracts/text-note.ts'
import type { TextLimits } from '../../wire/text.ts'
import { sourceOfBuffer } from '../bytes/byte-source.ts'
import { inShort } from '../bytes/coded-error.ts'
import { CompoundDamaged, CompoundFile, DIRECTORY_DAMAGED } from '../compound/compound-file.ts'
import { type CompoundProgram, programsIn } from '../compound/compound-program.ts'
import { documentProperties } from '../compound/document-properties.ts'
import { isEncryptedOffice } from '../compound/office-encryption.ts'
import {
  type ExtractedText,
  TextCollector,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  TextNotBuilt,
  tidied,
} from '../documents/text-extractor.ts'
import type { CompoundWords } from './compound-words.ts'
import { readWorkbook } from './excel-binary.ts'
import { NoteSet } from './note-set.ts'
import { readMessage } from './outlook.ts'
import { readSlides } from './powerpoint-binary.ts'
import { readWord } from './word-binary.ts'

const MEDIA_TYPES = new Set([
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  'application/vnd.ms-outlook',
  'application/x-cfb',
])

export const compound: TextExtractor = {
  id: 'compound',
  reads: (mediaType) => MEDIA_TYPES.has(mediaType),
  async extract(bytes, limits) {
    try {
      const file = new CompoundFile(sourceOfBuffer(bytes))
      const extracted = await textOf(file, limits)
      if (file.directoryWhole) return extracted
      return { ...extracted, warnings: [...extracted.warnings, DIRECTORY_DAMAGED] }
    } catch (cause) {
      if (cause instanceof CompoundDamaged) throw new TextDamaged(cause.detail, { cause })
      throw cause
    }
  },
}

/** @param at path of the storage with the document, `''` or ending with `/` */
type Read = (file: CompoundFile, at: string, words: CompoundWords) => void

const READERS: Partial<Record<CompoundProgram, Read>> = {
  word: readWord,
  excel: readWorkbook,
  powerpoint: readSlides,
}

async function textOf(file: CompoundFile, limits: TextLimits): Promise<ExtractedText> {
  if (isEncryptedOffice(file)) throw new TextEncrypted()
  const documents = programsIn(file)
  if (documents[0]?.program === 'outlook') return readMessage(file, limits)
  const readable = documents.filter(({ program }) => READERS[program])
  if (readable.length === 0) throw new TextNotBuilt()
  const words: CompoundWords = { sink: new TextCollector(limits), warnings: new NoteSet() }
  for (const line of documentProperties(file)) words.sink.add(`${line}\n`)
  for (const [i, { at, program }] of readable.entries())
    try {
      READERS[program]!(file, at, words)
      words.sink.add('\n')
    } catch (error) {
      // A damaged embedded document does not affect the document around it.
      if (i === 0 || !(error instanceof TextDamaged)) throw error
      words.warnings.add({ code: 'embedded-document-damaged', params: { text: inShort(error.detail) } })
    }
  return {
    text: tidied(words.sink.text()),
    warnings: [...words.warnings.all, ...words.sink.warnings()],
    notes: notesOf(file),
  }
}

function notesOf(file: CompoundFile): TextNote[] {
  const has = (pattern: RegExp) => file.entries.some(({ path }) => pattern.test(path))
  return [
    ...(has(/(^|\/)(_VBA_PROJECT|VBA|PROJECT)$/) ? [{ code: 'macros-not-run', params: {} } as const] : []),
    ...(has(/^(ObjectPool|MBD[0-9A-F]{8})(\/|$)/) ? [{ code: 'objects-apart', params: {} } as const] : []),
  ]
}
