/** Lines of one of our own input files, read when they are asked for: readline drops what comes before somebody listens. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { UsageError } from '../../base/errors.ts'

/**
 * @param file path, or - for standard input
 * @param option that named it, for the message
 * @throws UsageError when it cannot be read
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
