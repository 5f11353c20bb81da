/**
 * `seized release`: releases an item from quarantine. The custody log records it as a person's decision with a reason.
 */

import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printPath } from '../../base/evidence-path.ts'
import type { CustodyRecord, EntryViews, RunHistory } from '../../contracts/ledger-reader.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { quarantineOf, RELEASED } from '../../privilege/quarantine.ts'
import { plural } from '../../report/texts/format.ts'
import type { Given } from '../arguments/option.ts'
import type { RELEASE } from '../arguments/options-table.ts'
import { recordCustody } from '../services/log-custody.ts'
import { verifyFirst } from '../services/verified.ts'

export async function release([file]: readonly string[], given: Given<typeof RELEASE>): Promise<number> {
  const path = resolve(file!)
  if (given.reason.trim() === '') throw new UsageError('--reason is empty: say why, and who decided.')
  await verifyFirst(path, { heads: given.heads })
  const ledger = openLedger(path)
  try {
    const paths = quarantined(ledger, given.item)
    if (paths.length === 0)
      throw new UsageError(`${given.item} is not in quarantine in ${path}: nothing was released.`)
    for (const released of paths)
      recordCustody(
        path,
        {
          event: RELEASED,
          operator: given.operator,
          detail: { path: released, item: given.item, reason: given.reason },
        },
        given.heads,
      )
    process.stdout.write(
      `${plural(paths.length, 'entry', 'entries')} released. What was not read in the run is still not read: scan again with a shorter list for that.\n`,
    )
    return 0
  } finally {
    ledger.close()
  }
}

function quarantined(ledger: RunHistory & CustodyRecord & EntryViews, item: string): string[] {
  const { holds } = quarantineOf(ledger)
  const paths: string[] = []
  for (const view of ledger.places()) {
    const path = printPath(view.entry.path)
    const named = path === item || view.content?.digests.sha256 === item.toLowerCase()
    if (named && holds(view)) paths.push(path)
  }
  return paths
}
