/** Messages on standard error about long work outside a run: the first at once, then one every two seconds. */
import { printText } from '../../base/evidence-path.ts'
import type { LoadOptions } from '../../match/index.ts'
import { formatBytes, plural } from '../../report/texts/format.ts'

/** From this size on, reading a file takes long enough for a progress message. */
export const LARGE_BYTES = 64 * 1024 * 1024
const TELL_EVERY_MS = 2000

type Write = (line: string) => void
const onStandardError: Write = (line) => process.stderr.write(line)

/** Prints one of many steps. @param sinceMs time of the last message */
export function seldom(
  sinceMs = Number.NEGATIVE_INFINITY,
  write: Write = onStandardError,
): (step: string) => void {
  let toldMs = sinceMs
  return (step) => {
    if (performance.now() - toldMs < TELL_EVERY_MS) return
    toldMs = performance.now()
    write(`  ${printText(step)}\n`)
  }
}

/** Progress of loading large hash lists. */
export function tellOfLists(write: Write = onStandardError): NonNullable<LoadOptions['onProgress']> {
  const tell = new Map<string, (step: string) => void>()
  return ({ file, bytesRead, bytesTotal, rowsRead }) => {
    if (bytesTotal < LARGE_BYTES) return
    if (!tell.has(file)) {
      write(`Loading the hash list ${printText(file)} (${formatBytes(bytesTotal)}) …\n`)
      tell.set(file, seldom(performance.now(), write))
    }
    tell.get(file)!(`${formatBytes(bytesRead)} of ${formatBytes(bytesTotal)}, ${plural(rowsRead, 'row')}`)
  }
}
