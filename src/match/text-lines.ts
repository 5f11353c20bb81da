/** What the line formats share: the first lines for detection, and excerpts for error messages. */
import { UsageError } from '../errors.ts'
import { printName } from '../evidence-path.ts'
import { type AlgorithmPlace, algorithmNamed, type ListAlgorithm } from './algorithms.ts'

const EXCERPT_BYTES = 60

/** Trimmed lines of a head that hold anything; the last, cut short by the head's end, is left out. */
export function wholeLines(head: Buffer, fileSize: number): string[] {
  const lines = head.toString('latin1').split('\n')
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

/** A list name decoded for people: UTF-8 where it is valid, else Latin-1, which loses no byte. */
export function decodeName(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
