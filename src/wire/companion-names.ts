/** Tells the role of each companion file of a database by its name. */
import type { CompanionFiles } from './companion-files.ts'

export function companionFilesIn(
  beside: Iterable<{ readonly name: string; readonly bytes: Buffer }>,
): CompanionFiles {
  let [log, journal]: (Buffer | null)[] = [null, null]
  for (const { name, bytes } of beside) {
    if (bytes.length === 0) continue
    if (name.endsWith('-wal')) log = bytes
    if (name.endsWith('-journal')) journal = bytes
  }
  return { log: log!, journal: journal! }
}
