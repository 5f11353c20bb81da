/** `seized join`: rows of a LEAPP run beside the contents of a ledger that lie at the same paths, as a table. */
import { resolve } from 'node:path'
import { fileSha256 } from '../../base/file-digest.ts'
import type { EntryViews, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import { type Joined, joinRows } from '../../report/exchange/joined-rows.ts'
import { lavaFiles, lavaRows } from '../../report/exchange/lava-rows.ts'
import { withText } from '../../report/model/text-out.ts'
import { plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { JOIN } from '../arguments/options-table.ts'
import { closeAll, openCase } from '../services/case-ledgers.ts'
import { warnOfExposed } from '../services/exposed-files.ts'
import { logCustody } from '../services/log-custody.ts'
import { refuseOutput, writeWhole } from '../services/write-whole.ts'

/** @returns 0 when a row was joined, 3 when none was: scripts tell them apart */
export async function join([file, lava]: readonly string[], given: Given<typeof JOIN>): Promise<number> {
  const source = resolve(lava!)
  const rows = lavaRows(source)
  const ledgers = await openCase([file!], given)
  const ledger = ledgers[0]!
  const out = resolve(given.out)
  try {
    refuseOutput(out, ledgers, given.overwrite)
    const joined = await written(ledger, rows, out)
    warnOfExposed(out)
    if (ledger.seal)
      logCustody(
        ledger.path,
        {
          event: 'reported',
          operator: given.operator ?? null,
          detail: {
            format: 'leapp-join',
            recipient: '',
            out,
            sha256: await fileSha256(out),
            source,
            sourceSha256: await fileSha256(lavaFiles(source).database),
          },
        },
        given.heads,
      )
    process.stdout.write(
      `${plural(joined.joined, 'row')} of ${joined.rows} that name a path have a content here; ${joined.pathsHere} of ${plural(joined.paths, 'path')} are on this exhibit.\n`,
    )
    return joined.joined > 0 ? 0 : 3
  } finally {
    closeAll(ledgers)
  }
}

async function written(
  ledger: EntryViews & LedgerIdentity,
  rows: ReturnType<typeof lavaRows>,
  out: string,
): Promise<Joined> {
  const said: Joined[] = []
  await writeWhole(out, (stream) =>
    withText(stream, async (text) => {
      said.push(await joinRows(ledger, rows, text))
    }),
  )
  return said[0]!
}
