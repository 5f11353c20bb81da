/** `seized report CASE --edition working`: contents and accounts of all exhibits of a case on one page. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { accountsOf } from '../../case/accounts/accounts.ts'
import { listedContents } from '../../case/listed-contents.ts'
import { writeWorkingReport } from '../../case/working/working-report.ts'
import { withText } from '../../report/model/text-out.ts'
import { ledgerState } from '../../report/model/values.ts'
import type { Given } from '../arguments/option.ts'
import type { REPORT } from '../arguments/options-table.ts'
import { openedCase, recordInCase } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { logCustody } from '../services/log-custody.ts'
import { refuseOutput, writeWhole } from '../services/write-whole.ts'

export async function reportCase(folder: string, given: Given<typeof REPORT>): Promise<number> {
  const { format, out: named, operator = null, heads, recipient = '' } = given
  if (format !== 'html' || named === undefined)
    throw new UsageError(
      '--edition working of a case is written as --format html, with --out; it holds no pictures.',
    )
  const out = resolve(named)
  const { state, events } = openedCase(folder, heads)
  const ledgers = await openCase([folder], given)
  try {
    refuseOutput(out, ledgers, given.overwrite)
    const report = {
      caseNumber: state.caseNumber,
      head: events.at(-1)!.head,
      exhibits: ledgers.map((ledger) => ({
        exhibit: ledger.case.exhibitId,
        record: ledgerState(ledger),
        isComplete: ledger.summary().complete,
        newestHead: ledger.newestHead(),
      })),
      contents: listedContents(ledgers),
      accounts: accountsOf(ledgers),
    }
    await writeWhole(out, (stream) => withText(stream, (text) => writeWorkingReport(report, text)))
    warnOfExposed(out)
    const exhibits = ledgers.map((one) => one.case.exhibitId).join(', ')
    const detail = { format, edition: 'working', exhibits, recipient, out, sha256: await fileSha256(out) }
    recordInCase(folder, { event: 'reported', operator, detail }, heads)
    for (const ledger of ledgers.filter(({ seal }) => seal))
      logCustody(ledger.path, { event: 'reported', operator, detail }, heads)
    process.stderr.write(`Working report of the case: ${out}\n`)
    return EXIT.complete
  } finally {
    closeAll(ledgers)
  }
}
