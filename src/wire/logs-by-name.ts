/** Which of the files beside a database is what. */
import type { LogsBeside } from './logs.ts'

export function logsIn(beside: Iterable<{ readonly name: string; readonly bytes: Buffer }>): LogsBeside {
  let [log, journal]: (Buffer | null)[] = [null, null]
  for (const { name, bytes } of beside) {
    if (bytes.length === 0) continue
    if (name.endsWith('-wal')) log = bytes
    if (name.endsWith('-journal')) journal = bytes
  }
  return { log: log!, journal: journal! }
}
