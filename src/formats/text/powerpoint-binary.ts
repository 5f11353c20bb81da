/**
 * Extracts text of presentations before PPTX: every text atom of slides, notes and comments. A file saved in fast
 * mode still contains earlier slides; their text is extracted too.
 * @see MS-PPT 2.9.42 (TextCharsAtom), 2.9.43 (TextBytesAtom)
 */
import type { CompoundFile } from '../compound/compound-file.ts'
import { records } from '../compound/powerpoint-records.ts'
import { type CompoundWords, requiredStream } from './compound-words.ts'

const TEXT_CHARS = 0x0fa0
const TEXT_BYTES = 0x0fa8
const STRING = 0x0fba
/** Masters contain texts of the program ("Click to edit"): MainMaster, Handout. */
const NOT_OF_SLIDES = [0x03f8, 0x0fc9]
/** Containers of strings that a person wrote: comments, headers and footers, titles and targets of links. */
const STRINGS_OF = [0x2ee0, 0x0fd9, 0x0fd7]

/** @throws TextDamaged */
export function readSlides(file: CompoundFile, at: string, words: CompoundWords): void {
  const stream = requiredStream(file, at, ['PowerPoint Document'], words)
  for (const { type, data, within } of records(stream)) {
    if (words.sink.isFull) break
    if (within.some((one) => NOT_OF_SLIDES.includes(one))) continue
    const isText = type === TEXT_CHARS || (type === STRING && within.some((one) => STRINGS_OF.includes(one)))
    if (isText) words.sink.add(`${data.toString('utf16le')}\n`)
    else if (type === TEXT_BYTES) words.sink.add(`${data.toString('latin1')}\n`)
  }
}
