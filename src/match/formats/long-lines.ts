/**
 * Lines of a list that may be long: the hash of a two-hour film is one line of half a megabyte, of every frame thirty.
 */
import { UsageError } from '../../base/errors.ts'
import { type ListFile, linedText } from '../records/list-file.ts'

const MOST_LINE_BYTES = 64 * 1024 * 1024
const NEWLINE = 10

/** Blank lines are counted and skipped. @throws UsageError for a line longer than that of any video */
export async function* longLines(
  file: ListFile,
): AsyncGenerator<{ readonly line: number; readonly text: string }> {
  let parts: Buffer[] = []
  let bytes = 0
  let line = 0
  const take = (last: Buffer): { readonly line: number; readonly text: string } => {
    const text = Buffer.concat([...parts, last])
      .toString('utf8')
      .trim()
    parts = []
    bytes = 0
    line++
    return { line, text }
  }
  for await (const piece of linedText(file)) {
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      const whole = take(piece.subarray(start, end))
      if (whole.text !== '') yield whole
      start = end + 1
    }
    // The piece is overwritten while the next is read.
    if (start < piece.length) parts.push(Buffer.from(piece.subarray(start)))
    bytes += piece.length - start
    if (bytes > MOST_LINE_BYTES)
      throw new UsageError(`Line ${line + 1} of the list is longer than ${MOST_LINE_BYTES} bytes.`, {
        code: 'list-unreadable',
      })
  }
  if (bytes > 0) {
    const whole = take(Buffer.alloc(0))
    if (whole.text !== '') yield whole
  }
}
