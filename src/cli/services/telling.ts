/** Words on standard error about work that takes long and is no run: the beginning at once, then one every two seconds. */
import { printText } from '../../base/evidence-path.ts'
import type { LoadOptions } from '../../match/index.ts'
import { formatBytes, plural } from '../../report/texts/format.ts'

/** From here on reading a file takes long enough that a person is told of it. */
export const LARGE_BYTES = 64 * 1024 * 1024
const TELL_EVERY_MS = 2000

type Write = (line: string) => void
const onStandardError: Write = (line) => process.stderr.write(line)

/** Says one of many steps. @param sinceMs when something was said last */
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

/** How far the loading of large hash lists is. */
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
