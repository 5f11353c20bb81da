/** Shared code of the extractors for older Office formats. */

import type { CompoundFile } from '../compound/compound-file.ts'
import { type TextCollector, TextDamaged } from '../documents/text-extractor.ts'
import type { NoteSet } from './note-set.ts'

export interface CompoundWords {
  readonly sink: TextCollector
  readonly warnings: NoteSet
}

/** @throws TextDamaged when no stream has one of these names */
export function requiredStream(
  file: CompoundFile,
  at: string,
  names: readonly string[],
  words: CompoundWords,
): Buffer {
  for (const name of names) {
    const stream = file.stream(`${at}${name}`)
    if (!stream) continue
    if (!stream.whole) words.warnings.add({ code: 'file-breaks-off', params: {} })
    return stream.bytes
  }
  throw new TextDamaged({ code: 'no-stream', params: { name: names[0]! } })
}
