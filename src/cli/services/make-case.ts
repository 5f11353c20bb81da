/** A case of ledgers that a batch or a laboratory made: made where there is none yet, and the ledgers that it lacks added. */
import { resolve } from 'node:path'
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { addExhibits } from '../../case/add-exhibits.ts'
import { beginCase, caseRoot, isCaseFolder } from '../../case/case-folder.ts'
import { fileOf } from '../../case/exhibit-file.ts'
import { readFirstHead } from '../../ledger/read/first-head.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { noteCaseHead, openedCase, settleDecisions } from './case-folders.ts'
import { verifyFirst } from './verified.ts'

export interface MadeCase {
  readonly folder: string
  /** Exhibits that were added now. */
  readonly added: readonly string[]
  /** Number of exhibits of the case. */
  readonly exhibits: number
}

/**
 * Before the work begins: a case of another number would be found out only after it.
 * @throws UsageError
 */
export function requireCaseNumber(folder: string, caseNumber: string, heads: string | undefined): void {
  if (!isCaseFolder(folder)) return
  const { state } = openedCase(folder, heads)
  if (state.caseNumber !== caseNumber)
    throw new UsageError(
      `${printText(resolve(folder))} is case ${printText(state.caseNumber)}, and these exhibits are of case ${printText(caseNumber)}.`,
    )
}

/**
 * @param files ledgers of the case; those that it holds already, at their place, are left as they are
 * @throws UsageError for a case of another number, or another ledger of an exhibit that it holds; LedgerDamaged
 */
export async function caseOfLedgers(
  folder: string,
  caseNumber: string,
  files: readonly string[],
  heads: string | undefined,
): Promise<MadeCase> {
  requireCaseNumber(folder, caseNumber, heads)
  const root = caseRoot(folder)
  if (!isCaseFolder(folder)) {
    const opened = beginCase(folder, caseNumber, {
      event: 'case-opened',
      operator: null,
      detail: { case: caseNumber },
    })
    noteCaseHead(root, opened, opened.head, heads)
  }
  const { state, opening } = openedCase(folder, heads)
  const held = new Set(
    state.exhibits.filter((one) => fileOf(root, one).is === 'here').map(({ firstHead }) => firstHead),
  )
  const paths = files.map((file) => resolve(file)).filter((path) => !held.has(readFirstHead(path)))
  const ledgers: ReturnType<typeof openLedger>[] = []
  try {
    for (const path of paths) {
      await verifyFirst(path, { heads, orSealedHere: true })
      ledgers.push(openLedger(path))
    }
    if (ledgers.length > 0) {
      const events = addExhibits(root, ledgers, { operator: null, otherNumbers: false })
      noteCaseHead(root, opening, events.at(-1)!.head, heads)
      for (const line of settleDecisions(openedCase(folder, heads), heads)) process.stderr.write(`${line}\n`)
    }
    const added = ledgers.map((ledger) => ledger.case.exhibitId)
    return { folder: resolve(folder), added, exhibits: openedCase(folder, heads).state.exhibits.length }
  } finally {
    for (const ledger of ledgers) ledger.close()
  }
}
