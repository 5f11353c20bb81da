/** The ledgers of several exhibits of one case, each verified before anything is made of them. */
import { resolve } from 'node:path'
import { UsageError } from '../base/errors.ts'
import { printText } from '../base/evidence-path.ts'
import type { LedgerReader } from '../contracts/ledger.ts'
import { openLedger } from '../ledger/read/read.ts'
import { verifyFirst } from './verified.ts'

/**
 * @param show what may be shown of a ledger; the default is all of it
 * @throws UsageError when they are not of one case, or two are of one exhibit; LedgerDamaged
 */
export async function openCase(
  files: readonly string[],
  given: Parameters<typeof verifyFirst>[1],
  show: (ledger: LedgerReader) => LedgerReader = (ledger) => ledger,
): Promise<readonly LedgerReader[]> {
  const ledgers: LedgerReader[] = []
  try {
    for (const file of files) {
      const path = resolve(file)
      ledgers.push(show(openLedger(path, await verifyFirst(path, given))))
    }
    requireOneCase(ledgers)
    return ledgers
  } catch (error) {
    closeAll(ledgers)
    throw error
  }
}

export function closeAll(ledgers: readonly LedgerReader[]): void {
  for (const ledger of ledgers) ledger.close()
}

function requireOneCase(ledgers: readonly LedgerReader[]): void {
  const [first] = ledgers
  const exhibits = new Map<string, string>()
  for (const { path, case: about } of ledgers) {
    if (about.caseId !== first!.case.caseId)
      throw new UsageError(
        `${path} is of case ${printText(about.caseId)}, ${first!.path} of case ${printText(first!.case.caseId)}: only ledgers of one case are taken together.`,
      )
    const other = exhibits.get(about.exhibitId)
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${path} are both of exhibit ${printText(about.exhibitId)}: give one ledger an exhibit (seized diff compares two of one exhibit).`,
      )
    exhibits.set(about.exhibitId, path)
  }
}
