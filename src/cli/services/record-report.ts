/** The lines of a report in the logs of ledgers and cases. */
import type { ExaminationFacts, LedgerIdentity } from '../../contracts/ledger-reader.ts'
import type { Lab } from '../../report/model/lab.ts'
import type { Given } from '../arguments/option.ts'
import type { REPORT } from '../arguments/options-table.ts'
import { recordInCases } from './case-folders.ts'
import { damageDetail, logCustody } from './log-custody.ts'

/** In the custody log of each ledger, and in the log of a case that was reported as a whole. */
export function recordReport(
  ledgers: readonly (LedgerIdentity & ExaminationFacts)[],
  named: readonly string[],
  given: Given<typeof REPORT>,
  detail: Record<string, string>,
): void {
  const exhibits =
    ledgers.length === 1 ? {} : { exhibits: ledgers.map((one) => one.case.exhibitId).join(', ') }
  const ofCase = { format: given.format, ...exhibits, recipient: given.recipient ?? '', ...detail }
  recordInCases(named, { event: 'reported', operator: given.operator ?? null, detail: ofCase }, given.heads)
  for (const ledger of ledgers) {
    if (!ledger.seal) continue
    logCustody(
      ledger.path,
      {
        event: 'reported',
        operator: given.operator ?? null,
        detail: {
          format: given.format,
          ...(given.edition === undefined ? {} : { edition: given.edition }),
          ...exhibits,
          ...replacedDetail(given.lab),
          ...(given.links === undefined ? {} : { linksSha256: given.links.sha256 }),
          recipient: given.recipient ?? '',
          ...detail,
          ...damageDetail(ledger.damage),
        },
      },
      given.heads,
    )
  }
}

/** Detail of the event for a report that replaces another one. */
function replacedDetail(lab: Lab | undefined): Record<string, string> {
  if (!lab?.replaces) return {}
  return { reportNumber: lab.reportNumber ?? '', replaces: lab.replaces.number, why: lab.replaces.why }
}
