/** `seized diff`: what differs between two sealed ledgers of one exhibit, and why. */
import { resolve } from 'node:path'
import { printText } from '../../base/evidence-path.ts'
import { EXIT } from '../../base/exit-codes.ts'
import { type Difference, differencesOf } from '../../diff/diff.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import { jsonLine } from '../../report/jsonl.ts'
import { logCustody } from '../log-custody.ts'
import type { Given } from '../table/option.ts'
import type { DIFF } from '../table/options.ts'
import { verifyFirst } from '../verified.ts'

export async function diff(
  [oldFile, newFile]: readonly string[],
  given: Given<typeof DIFF>,
): Promise<number> {
  const [oldPath, newPath] = [resolve(oldFile!), resolve(newFile!)]
  for (const path of [oldPath, newPath]) await verifyFirst(path, { heads: given.heads })
  const old = withoutPrivileged(openLedger(oldPath))
  try {
    const made = withoutPrivileged(openLedger(newPath))
    try {
      const differences = differencesOf(old, made)
      const changes = differences.filter(({ section }) => section !== 'totals')
      const isSameExhibit = old.inventoryDigest() === made.inventoryDigest()
      if (given.json) for (const one of differences) process.stdout.write(`${jsonLine(one)}\n`)
      else {
        process.stdout.write(
          `${isSameExhibit ? 'Same exhibit: names, sizes and contents are equal.' : 'The exhibit differs: see its section.'}\n`,
        )
        for (const one of differences) process.stdout.write(lineOf(one))
      }
      logCustody(
        newPath,
        {
          event: 'compared',
          operator: given.operator ?? null,
          detail: { with: oldPath, withHead: old.newestHead(), differences: String(changes.length) },
        },
        given.heads,
      )
      return changes.length === 0 ? EXIT.complete : EXIT.findings
    } finally {
      made.close()
    }
  } finally {
    old.close()
  }
}

function lineOf({ section, what, words, cause }: Difference): string {
  const why = cause === null ? '' : `  [${cause}]`
  return `${section.toUpperCase().padEnd(8)} ${what.padEnd(14)} ${printText(`${words}${why}`)}\n`
}
