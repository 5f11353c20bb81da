/** Yields lines of an input file on request: readline would drop lines that arrive before there is a listener. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { UsageError } from '../../base/errors.ts'

/**
 * @param file path, or - for standard input
 * @param option option that named the file, for the message
 * @throws UsageError when the file cannot be read
 */
export async function* linesOfFile(file: string, option: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  try {
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    throw new UsageError(`${option} ${file} could not be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    })
  }
}
