/** What the readers of Office's older formats share. */
import type { CompoundFile } from '../compound/compound-file.ts'
import { TextDamaged, type TextSink } from './text-extractor.ts'

export interface CompoundWords {
  readonly sink: TextSink
  readonly warnings: Set<string>
}

/** @throws TextDamaged when there is none of these names */
export function requiredStream(
  file: CompoundFile,
  at: string,
  names: readonly string[],
  words: CompoundWords,
): Buffer {
  for (const name of names) {
    const stream = file.stream(`${at}${name}`)
    if (!stream) continue
    if (!stream.whole) words.warnings.add('the file breaks off')
    return stream.bytes
  }
  throw new TextDamaged(`it has no stream ${names[0]}`)
}
