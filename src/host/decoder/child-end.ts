/** The end of a child's process, once everything that it wrote has been read. */
import type { Spawned } from '../../process/spawn.ts'

/** Between the end of the process and that of its streams: what it wrote is read meanwhile, and no longer. */
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
    // `close` comes when everything that it wrote has been read; something that it started may hold the streams open.
    process.once('close', (code, signal) => finish(code, signal, null))
    process.once('exit', (code, signal) => {
      kill()
      lastWords = setTimeout(finish, LAST_WORDS_MS, code, signal, null)
    })
  })
}
