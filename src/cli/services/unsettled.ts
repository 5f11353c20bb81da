/** Differences that the policy of a case says must be settled before anybody outside is told: a report of the case is held to it. */
import { UsageError } from '../../base/errors.ts'
import { printText } from '../../base/evidence-path.ts'
import { isCaseFolder } from '../../case/case-folder.ts'
import { unsettledUnder } from '../../case/policy/policy-due.ts'
import { decisionsOf } from '../../ledger/custody/decisions.ts'
import { type CourtSource, exhibitsOf } from '../../report/court/exhibits.ts'
import { plural } from '../../report/texts/format.ts'
import { openedCase } from './case-folders.ts'
import { policyOf } from './policy-of-case.ts'

/**
 * Both the log of the case and the logs of its ledgers are asked: a decision may not be in each of them yet.
 * @param named ledgers, or folders of cases
 * @returns contents that are not settled and that page one names; 0 where no policy asks for it
 * @throws UsageError where the policy refuses the report until then
 */
export function heldToPolicy(
  named: readonly string[],
  ledgers: readonly CourtSource['ledger'][],
  heads: string | undefined,
): number {
  const unsettled = new Set<string>()
  for (const folder of named.filter(isCaseFolder)) {
    const { state, events } = openedCase(folder, heads)
    const policy = policyOf(state)
    if (policy === null) continue
    const made = exhibitsOf(
      ledgers.map((ledger) => ({ ledger, sha256: null })),
      true,
    )
    const open = [decisionsOf(events), ...made.slice(0, 1).map((one) => one.made)].flatMap((decisions) =>
      unsettledUnder(policy, decisions),
    )
    for (const sha256 of open) unsettled.add(sha256)
    if (open.length > 0 && policy.unsettled === 'refuse')
      throw new UsageError(
        `${printText(state.caseNumber)}: persons differ on ${plural(new Set(open).size, 'content')}, and the policy of the case (${policy.sha256}) says that this must be settled before a court edition or VICS is written. seized review ${printText(folder)} --pass adjudicate settles it; a policy with --unsettled state has page one say it.`,
      )
  }
  return unsettled.size
}
