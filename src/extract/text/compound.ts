/** Text of Office's older formats (DOC, XLS, PPT) and of Outlook messages, by the program that wrote the compound file. */
import { sourceOfBuffer } from '../byte-source.ts'
import { CompoundDamaged, CompoundFile } from '../compound/compound-file.ts'
import { type CompoundProgram, programOf } from '../compound/compound-program.ts'
import { documentProperties } from '../compound/document-properties.ts'
import { isEncryptedOffice } from '../compound/office-encryption.ts'
import type { CompoundWords } from './compound-words.ts'
import { readWorkbook } from './excel-binary.ts'
import { readMessage } from './outlook.ts'
import { readSlides } from './powerpoint-binary.ts'
import {
  type ExtractedText,
  TextDamaged,
  TextEncrypted,
  type TextExtractor,
  type TextLimits,
  TextNotBuilt,
  TextSink,
  tidied,
} from './text-extractor.ts'
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
      return await textOf(new CompoundFile(sourceOfBuffer(bytes)), limits)
    } catch (cause) {
      if (cause instanceof CompoundDamaged) throw new TextDamaged(cause.message, { cause })
      throw cause
    }
  },
}

type Read = (file: CompoundFile, words: CompoundWords) => void

const READERS: Partial<Record<CompoundProgram, Read>> = {
  word: readWord,
  excel: readWorkbook,
  powerpoint: readSlides,
}

async function textOf(file: CompoundFile, limits: TextLimits): Promise<ExtractedText> {
  if (isEncryptedOffice(file)) throw new TextEncrypted()
  const program = programOf(file)
  if (program === 'outlook') return readMessage(file, limits)
  const read = program === null ? undefined : READERS[program]
  if (!read) throw new TextNotBuilt()
  const words: CompoundWords = { sink: new TextSink(limits), warnings: new Set() }
  for (const line of documentProperties(file)) words.sink.add(`${line}\n`)
  read(file, words)
  return {
    text: tidied(words.sink.text()),
    warnings: [...words.warnings, ...words.sink.warnings()],
    notes: notesOf(file),
  }
}

function notesOf(file: CompoundFile): string[] {
  const has = (pattern: RegExp) => file.entries.some(({ path }) => pattern.test(path))
  return [
    ...(has(/(^|\/)(_VBA_PROJECT|VBA|PROJECT)$/) ? ['macros were not run'] : []),
    ...(has(/^(ObjectPool|MBD[0-9A-F]{8})(\/|$)/) ? ['embedded objects are contents of their own'] : []),
  ]
}
