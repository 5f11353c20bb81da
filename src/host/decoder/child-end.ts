/** Waits for the end of a child's process, after all of its output was read. */
import type { Spawned } from '../../process/spawn.ts'

/** Milliseconds between the end of the process and the last read of its output streams. */
const LAST_WORDS_MS = 500

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: string | null
  /** Why it did not even start. */
  readonly message: string | null
}

export function endOf({ process, kill }: Spawned): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    let lastWords: NodeJS.Timeout | undefined
    const finish = (code: number | null, signal: string | null, message: string | null) => {
      clearTimeout(lastWords)
      resolve({ code, signal, message })
    }
    process.once('error', (error) => finish(null, null, error.message))
    // `close` arrives after all output was read; a process that the child started may keep the streams open.
    process.once('close', (code, signal) => finish(code, signal, null))
    process.once('exit', (code, signal) => {
      kill()
      lastWords = setTimeout(finish, LAST_WORDS_MS, code, signal, null)
    })
  })
}
