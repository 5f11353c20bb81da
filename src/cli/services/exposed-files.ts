/**
 * Warns of files of a case that other accounts can read in spite of the policy: older files, files of another program,
 * or a file system without modes.
 */
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { printText } from '../../base/evidence-path.ts'
import { forbidden } from '../../base/file-modes.ts'
import { custodyPath } from '../../ledger/custody/custody.ts'
import { textIndexPath } from '../../search/text-index-file.ts'

const said = new Set<string>()

/** Writes to standard error, once for each file and command. */
export function warnOfExposed(...paths: readonly string[]): void {
  for (const path of paths) {
    const exposed = exposureOf(path)
    if (exposed === null || said.has(exposed)) continue
    said.add(exposed)
    process.stderr.write(`seized: warning: ${exposed}\n`)
  }
}

/** Ledger, custody log and text index. */
export function warnOfExposedLedger(ledger: string): void {
  warnOfExposed(ledger, custodyPath(ledger), textIndexPath(ledger))
}

/** @returns a message; null where the mode follows the policy, or other accounts cannot reach the file */
export function exposureOf(path: string): string | null {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const bits = forbidden(stat.mode) & READ_OR_WRITE
  const who = [
    ...((bits & OTHERS) !== 0 && canEnter(path, 0o001) ? ['others'] : []),
    ...((bits & GROUP) !== 0 && canEnter(path, 0o010) ? ['its group'] : []),
  ]
  if (who.length === 0) return null
  const mode = (stat.mode & 0o777).toString(8).padStart(4, '0')
  return `${printText(resolve(path))} can be read by ${who.join(' and ')} (mode ${mode}, in a folder that they can enter): take that away with chmod go-rwx, or keep it in a folder of your own.`
}

/** The same for the folder in which new files will be created. */
export function folderExposure(path: string): string | null {
  const folder = dirname(resolve(path))
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat === undefined || (forbidden(stat.mode) & 0o004) === 0 || !canEnter(folder, 0o001)) return null
  return `${printText(folder)} can be read by others: what is written there is for its owner alone, but its names and sizes show. Use a folder of your own (chmod go-rwx).`
}

const READ_OR_WRITE = 0o066
const GROUP = 0o060
const OTHERS = 0o006

/** @param bit mode bit that permits to pass through each folder above */
function canEnter(path: string, bit: number): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const stat = statSync(folder, { throwIfNoEntry: false })
    if (stat === undefined || (stat.mode & bit) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
