/** `seized diff`: differences between two sealed ledgers of one exhibit, with their causes. */
import { resolve } from 'node:path'
import { EXIT } from '../../base/exit-codes.ts'
import { type Difference, differencesOf } from '../../diff/diff.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { withoutPrivileged } from '../../privilege/quarantine.ts'
import { inWords, titleOf } from '../../report/court/difference-words.ts'
import { CourtTexts } from '../../report/court/texts.ts'
import { jsonLine } from '../../report/exchange/jsonl.ts'
import type { Given } from '../arguments/option.ts'
import type { DIFF } from '../arguments/options-table.ts'
import { logCustody } from '../services/log-custody.ts'
import { verifyFirst } from '../services/verified.ts'

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
      if (given.json) for (const one of differences) process.stdout.write(`${jsonLine(record(one))}\n`)
      else {
        const texts = new CourtTexts(given.language)
        if (!texts.isReviewed)
          process.stdout.write(`${texts.say('unreviewed-words')}\n${ENGLISH.say('unreviewed-words')}\n`)
        process.stdout.write(`${texts.say(isSameExhibit ? 'diff-same' : 'diff-other')}\n`)
        for (const one of differences) process.stdout.write(lineOf(one, texts))
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

const ENGLISH = new CourtTexts('en')

/** Words are for people, codes for programs. */
function record({ section, what, said, path, sha256, cause }: Difference) {
  const words = inWords(said, ENGLISH)
  const because = cause && inWords(cause, ENGLISH)
  return { section, what, words, path, sha256, cause: because, said, because: cause }
}

function lineOf(one: Difference, texts: CourtTexts): string {
  const why = one.cause === null ? '' : `  [${inWords(one.cause, texts)}]`
  return `${titleOf(one, texts)}: ${inWords(one.said, texts)}${why}\n`
}
