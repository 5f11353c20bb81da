/** `seized case accounts`: accounts that records of the exhibits name, what was sent and received, and where it lies. */
import { resolve } from 'node:path'
import { EXIT } from '../../base/exit-codes.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { accountsOf } from '../../case/accounts/accounts.ts'
import { type WriteAccounts, writeCase, writeCsv, writeJson } from '../../case/accounts/accounts-out.ts'
import { writePage } from '../../case/accounts/accounts-page.ts'
import { withText } from '../../report/model/text-out.ts'
import { plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { ACCOUNT_FORMATS, CASE_ACCOUNTS } from '../arguments/options-table.ts'
import { openedCase, recordInCase } from '../services/case-folders.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { logCustody } from '../services/log-custody.ts'
import { refuseOutput, writeWhole } from '../services/write-whole.ts'

const FORMATS: Readonly<Record<(typeof ACCOUNT_FORMATS)[number], WriteAccounts>> = {
  json: writeJson,
  csv: writeCsv,
  case: writeCase,
  html: writePage,
}

/** @returns 0 when a record names an account, 3 when none does: scripts tell them apart */
export async function accounts(
  [folder]: readonly string[],
  given: Given<typeof CASE_ACCOUNTS>,
): Promise<number> {
  const { state } = openedCase(folder!, given.heads)
  const out = resolve(given.out)
  refuseOutput(out, [], given.overwrite)
  const ledgers = await openCase([folder!], given)
  try {
    refuseOutput(out, ledgers, given.overwrite)
    const found = accountsOf(ledgers)
    await writeWhole(out, (stream) =>
      withText(stream, (text) => FORMATS[given.format](found, state.caseNumber, text)),
    )
    warnOfExposed(out)
    const { operator = null, heads } = given
    const detail = { format: `accounts-${given.format}`, recipient: '', out, sha256: await fileSha256(out) }
    recordInCase(folder!, { event: 'reported', operator, detail }, heads)
    for (const ledger of ledgers.filter(({ seal }) => seal))
      logCustody(ledger.path, { event: 'reported', operator, detail }, heads)
    const without = found.exhibits.filter(({ basis }) => basis === null).map(({ exhibit }) => exhibit)
    process.stdout.write(
      `${out}: ${plural(found.accounts.length, 'account')}, ${plural(found.transfers.length, 'transfer')}\n${without.length === 0 ? '' : `No legal basis for text, so nothing was read of: ${without.join(', ')}\n`}`,
    )
    return found.accounts.length > 0 ? EXIT.complete : EXIT.incomplete
  } finally {
    closeAll(ledgers)
  }
}
