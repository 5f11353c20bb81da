/**
 * What persons state, sign and have time-stamped: a sealed ledger, or a case with all its ledgers. Both hold their
 * statements, signatures and time stamps in their log.
 */
import { resolve } from 'node:path'
import { LedgerDamaged, UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { fileSha256 } from '../../base/file-digest.ts'
import { isCaseFolder } from '../../case/case-folder.ts'
import {
  caseStatementProblems,
  caseStatementText,
  type FoundExhibit,
  type StatedExhibit,
} from '../../case/case-statement.ts'
import type { CustodyEvent } from '../../contracts/custody.ts'
import { eventsWith, newestStatement } from '../../sign/check-custody.ts'
import { type StatedOutput, statementText } from '../../sign/statement.ts'
import { openedCase, recordInCase } from './case-folders.ts'
import { closeAll, openCase } from './case-ledgers.ts'
import { type CommandEvent, recordCustody } from './log-custody.ts'
import { statedFactsOf, withSealed } from './vouching.ts'

export interface Vouchable {
  /** The path that names it in a command. */
  readonly path: string
  /** `seal statement`, or `statement of the case`. */
  readonly statementName: string
  /** Its whole log. */
  readonly events: readonly CustodyEvent[]
  state(outputs: readonly StatedOutput[], at: Date): Promise<string>
  record(event: CommandEvent): CustodyEvent
}

/**
 * @param heads value of `--heads`
 * @throws UsageError for a ledger that is not sealed; LedgerDamaged for one that does not verify
 */
export async function withVouchable<T>(
  named: string,
  heads: string | undefined,
  use: (of: Vouchable) => T | Promise<T>,
): Promise<T> {
  if (isCaseFolder(named)) return withCase(named, heads, use)
  const path = resolve(named)
  return withSealed(path, heads, async (ledger) =>
    use({
      path,
      statementName: 'seal statement',
      events: ledger.custody(),
      state: async (outputs, at) =>
        statementText(ledger, await fileSha256(path), ledger.newestHead(), outputs, at),
      record: (event) => recordCustody(path, event, heads),
    }),
  )
}

/** All ledgers of the case are verified first, and the newest statement must still hold for them. */
async function withCase<T>(
  folder: string,
  heads: string | undefined,
  use: (of: Vouchable) => T | Promise<T>,
): Promise<T> {
  const { state, events } = openedCase(folder, heads)
  const ledgers = await openCase([folder], { heads })
  try {
    const exhibits: (StatedExhibit & FoundExhibit)[] = []
    for (const ledger of ledgers) {
      if (!ledger.seal)
        throw new UsageError(
          `${printText(ledger.case.exhibitId)} is not sealed: finish it with seized resume, then the case can be stated.`,
        )
      exhibits.push({
        ...(await statedFactsOf(ledger)),
        custodyHead: ledger.newestHead(),
        heads: new Set([ledger.chainHead, ...ledger.custody().map(({ head }) => head)]),
      })
    }
    const number = eventsWith(events, 'statement').at(-1)?.number ?? null
    if (number !== null) requireHolding(events, number, state.caseNumber, exhibits)
    return await use({
      path: folder,
      statementName: 'statement of the case',
      events,
      state: async (outputs, at) =>
        caseStatementText(state.caseNumber, events.at(-1)!.head, exhibits, outputs, at),
      record: (event) => recordInCase(folder, event, heads),
    })
  } finally {
    closeAll(ledgers)
  }
}

function requireHolding(
  events: readonly CustodyEvent[],
  number: number,
  caseNumber: string,
  exhibits: readonly FoundExhibit[],
): void {
  const before = events.filter((event) => event.number < number).map(({ head }) => head)
  const wrong = caseStatementProblems(newestStatement(events).fact.text, caseNumber, exhibits, before)
  if (wrong.length > 0)
    throw new LedgerDamaged(
      `The newest statement of the case, ${number}, does not hold: ${wrong.slice(0, 3).join('; ')} (seized case verify).`,
    )
}
