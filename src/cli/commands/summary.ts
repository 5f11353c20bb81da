/** `seized summary`: what a ledger holds, in numbers; for scripts the object that its run ended with. */
import { resolve } from 'node:path'
import { EXIT } from '../../base/exit-codes.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { fileSha256 } from '../file-sha256.ts'
import { createProgress } from '../progress/index.ts'
import { summaryEvent } from '../sealed.ts'
import type { Given } from '../table/option.ts'
import type { SUMMARY } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'

export async function summary([path]: readonly string[], given: Given<typeof SUMMARY>): Promise<number> {
  const file = resolve(path!)
  await verifyFirst(file, given)
  const ledger = openLedger(file)
  try {
    if (ledger.seal === null) {
      const { caseId, exhibitId } = ledger.case
      const named = { case: caseId, exhibit: exhibitId, ledger: file }
      const counts = { event: 'paused', reason: 'not-sealed', ...named, ...ledger.summary() }
      process.stdout.write(
        given.json
          ? `${JSON.stringify(counts)}\n`
          : 'PARTIAL: the ledger is not sealed. Go on with seized resume.\n',
      )
      return EXIT.interrupted
    }
    const event = summaryEvent(ledger, await fileSha256(file))
    const progress = createProgress(given.json ? 'json' : 'lines', {
      stdout: process.stdout,
      stderr: process.stderr,
    })
    progress.on(event)
    await progress.close()
    return exitCodeOf(event)
  } finally {
    ledger.close()
  }
}
