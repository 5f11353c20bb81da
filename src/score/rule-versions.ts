/**
 * Versions of the rules of priority. A ledger names the version and the tiers that it was made with, and every reader
 * computes with those: a priority of a sealed ledger never changes with the program.
 *
 * Change a rule, and give it a version here: the old one stays for the ledgers that name it.
 */
import { UsageError } from '../base/errors.ts'
import { THRESHOLDS } from '../classify/thresholds.ts'
import type { Plan, PlanRules } from '../contracts/case.ts'

/** Rules that a scan of this version writes into its plan. */
export const RULES_NOW: PlanRules = {
  version: 10,
  tiers: {
    explicitLikelyPerTenThousand: THRESHOLDS.explicitness.likely,
    explicitStrongPerTenThousand: THRESHOLDS.explicitness.strong,
    explicitBesideMinorPerTenThousand: THRESHOLDS.besideMinor,
    coveredMinorStaysPerTenThousand: THRESHOLDS.coveredMinorStays,
  },
}

/** Rules of seized 0.1, whose plans name no version. */
const RULES_FIRST: PlanRules = { version: 1, tiers: { explicitLikelyPerTenThousand: 5000 } }

/** @throws UsageError when the ledger was made with rules that this program does not know yet */
export function rulesOf({ rules = RULES_FIRST }: Pick<Plan, 'rules'>): PlanRules {
  if (rules.version > RULES_NOW.version)
    throw new UsageError(
      `The ledger's priorities need version ${rules.version} of the rules; this program knows them up to ${RULES_NOW.version}. Read it with a newer seized.`,
    )
  return rules
}
