/** Custody logs of many ledgers for statistics: only logs of ledgers that verify. */
import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { LedgerDamaged } from '../../base/errors.ts'
import { isCaseRoot } from '../../case/case-folder.ts'
import { custodyPath } from '../../ledger/custody/custody.ts'
import { ledgersWithLogs } from '../../review/custody-logs.ts'
import { openedCase } from './case-folders.ts'
import { verifyFirst } from './verified.ts'

/**
 * Statistics of exposure use only logs that belong to their ledgers and are complete, as far as this installation
 * knows.
 * @param named ledgers, their logs, or folders
 * @returns ledgers, in order of their paths
 * @throws UsageError where there is no log; LedgerDamaged that names every ledger that does not verify: there are then
 * no statistics
 */
export async function verifiedLedgersWithLogs(
  named: readonly string[],
  heads: string | undefined,
): Promise<readonly string[]> {
  const ledgers = ledgersWithLogs(named)
  const problems: string[] = []
  for (const ledger of ledgers)
    try {
      if (isCaseRoot(ledger)) {
        openedCase(dirname(ledger), heads)
        continue
      }
      if (!existsSync(ledger))
        throw new LedgerDamaged(
          `${custodyPath(ledger)} has no ledger beside it, so nobody can tell whose log it is.`,
        )
      await verifyFirst(ledger, { heads })
    } catch (error) {
      if (!(error instanceof LedgerDamaged)) throw error
      problems.push(error.message)
    }
  if (problems.length > 0) throw new LedgerDamaged(`No figures are made. ${problems.join(' ')}`)
  return ledgers
}
