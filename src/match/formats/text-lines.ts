/** Shared by the line formats: the first lines for detection, and excerpts for error messages. */
import { UsageError } from '../../base/errors.ts'
import { printName } from '../../base/evidence-path.ts'
import { type AlgorithmPlace, algorithmNamed, type ListAlgorithm } from '../records/algorithms.ts'
import { type Extras, extrasFrom } from '../records/record-batch.ts'

/** As `linedText` ends them, but for zero bytes: what has them may be no text. */
export const LINE_ENDS = /\r\n|\r|\n/
/** Note of a list; SHA-256, BLAKE3 and PDQ have equal length. */
export const TAKEN_FOR_SHA256 =
  'Lines of 64 hex digits were taken for SHA-256, which nothing in the list says; a list of BLAKE3 or PDQ needs --type.'
const EXCERPT_BYTES = 60
const NAME_PREFIX = Buffer.from('{"name":"')

/** Trimmed, non-empty lines of a head. The last line, cut by the head's end, is left out. */
export function wholeLines(head: Buffer, fileSize: number): string[] {
  const lines = head.toString('latin1').split(LINE_ENDS)
  if (head.length < fileSize && lines.length > 1) lines.pop()
  return lines.map((line) => line.trim()).filter((line) => line !== '')
}

/** The start of a line, escaped, short enough for a report. */
export function lineExcerpt(buffer: Buffer, start: number, end: number): string {
  const shown = printName(buffer.subarray(start, Math.min(end, start + EXCERPT_BYTES)))
  return end - start > EXCERPT_BYTES ? `"${shown}" …` : `"${shown}"`
}

export function typeOption(type: ListAlgorithm | undefined): AlgorithmPlace | undefined {
  if (type === undefined) return undefined
  const algorithm = algorithmNamed(type)
  if (algorithm === undefined) throw new UsageError(`There is no digest type "${type}".`)
  return algorithm
}

/** `{"name": …}`, made without decoding where the name is plain ASCII: lists hold millions. */
export function nameExtras(buffer: Buffer, start: number, end: number): Extras {
  for (let i = start; i < end; i++) {
    const byte = buffer[i]!
    if (byte < 32 || byte > 126 || byte === 0x22 || byte === 0x5c) {
      return extrasFrom({ name: decodeName(buffer.subarray(start, end)) })
    }
  }
  const extras = Buffer.allocUnsafe(NAME_PREFIX.length + end - start + 2)
  NAME_PREFIX.copy(extras)
  buffer.copy(extras, NAME_PREFIX.length, start, end)
  extras[extras.length - 2] = 0x22
  extras[extras.length - 1] = 0x7d
  return extras
}

/** A list name decoded for display: UTF-8 where it is valid, else Latin-1, which loses no byte. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
