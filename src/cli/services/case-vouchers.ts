/** Statements, signatures and time stamps in the log of a case, and a statement that was kept elsewhere. */
import { caseStatementProblems, type FoundExhibit } from '../../case/case-statement.ts'
import type { VerifiedExhibit, VerifiedLog } from '../../case/verify-case.ts'
import { openLedger } from '../../ledger/read/read.ts'
import { checkVouchers, eventsWith, type Vouched } from '../../sign/check-custody.ts'
import type { Given } from '../arguments/option.ts'
import type { CASE_VERIFY } from '../arguments/options-table.ts'
import { withReports } from './signed-reports.ts'
import { trustedIn } from './trusted.ts'
import { readSmall, statedFactsOf } from './vouching.ts'

/** @param log of a case without a problem @param found its ledgers, without a problem */
export async function vouchersOf(
  { state, events }: VerifiedLog,
  found: readonly VerifiedExhibit[],
  given: Given<typeof CASE_VERIFY>,
): Promise<Vouched> {
  const kept =
    given.statement === undefined ? null : readSmall('--statement', given.statement).toString('utf8')
  // The SHA-256 of every ledger is computed only where a statement names it.
  const isStated = kept !== null || eventsWith(events, 'statement').length > 0
  const exhibits = isStated ? await exhibitsNow(found) : []
  const problemsOf = (text: string, before: readonly string[]) =>
    caseStatementProblems(text, state!.caseNumber, exhibits, before)
  const trusted = trustedIn(given.trust)
  const checked = checkVouchers(events, problemsOf, trusted, 'case statement')
  const vouched = withReports(checked, given.pdf, events, trusted)
  if (kept === null) return vouched
  const isInLog = events.some(({ fact }) => fact?.kind === 'statement' && fact.text === kept)
  const heads = events.map(({ head }) => head)
  return {
    ...vouched,
    problems: [
      ...vouched.problems,
      ...problemsOf(kept, heads).map((one) => `the statement kept elsewhere: ${one}`),
      ...(isInLog ? [] : ['the statement kept elsewhere is not in the log of the case, letter for letter']),
    ],
  }
}

async function exhibitsNow(found: readonly VerifiedExhibit[]): Promise<readonly FoundExhibit[]> {
  const exhibits: FoundExhibit[] = []
  for (const { file, report } of found) {
    const ledger = openLedger(file.path)
    try {
      exhibits.push({ ...(await statedFactsOf(ledger)), heads: report!.heads })
    } finally {
      ledger.close()
    }
  }
  return exhibits
}
