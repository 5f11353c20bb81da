/** Tells the role of each companion file of a database or a hive by its name. */
import type { CompanionFiles } from './companion-files.ts'

export function companionFilesIn(
  beside: Iterable<{ readonly name: string; readonly bytes: Buffer }>,
): CompanionFiles {
  let [log, journal, single]: (Buffer | null)[] = [null, null, null]
  for (const { name, bytes } of beside) {
    if (bytes.length === 0) continue
    if (/-wal$|\.log1$/i.test(name)) log ??= bytes
    if (/-journal$|\.log2$/i.test(name)) journal ??= bytes
    if (/\.log$/i.test(name)) single ??= bytes
  }
  return { log: log ?? (journal === null ? single : null)!, journal: journal! }
}
