/**
 * Findings → review priority. Pure: no clock, no file, no model; the same findings always rank the same.
 *
 * A priority orders the work of a person. It is not a category, and its absence is not a clearance: a signal that is
 * missing (no face found, no model run) never lowers anything, because every rule can only raise. Only a person that was
 * looked for and not found, a face that is covered or in doubt, a hand that fills the picture, and the place of a program's icons lower; what they lower stays a lead (put-last.ts).
 */

import type { PlanRules } from '../contracts/case.ts'
import type { Ranked } from '../contracts/finding.ts'
import { apart } from './put-last.ts'
import type { RankInput } from './rank-input.ts'
import { RULES } from './rules.ts'

/**
 * The strongest rule that applies decides; the reasons of all that apply are given, strongest first.
 * @param rules of the plan that the findings were made with (rule-versions.ts)
 */
export function rank(given: RankInput, rules: PlanRules): Ranked {
  const { version, tiers } = rules
  const input = apart(given, rules)
  const fired = RULES.filter(({ since = 1 }) => version >= since).flatMap(({ priority, reasons }) =>
    reasons(input, tiers).map((reason) => ({ priority, reason })),
  )
  // RULES is in order of priority (a test holds it to that), so the first that fired is the strongest.
  return { priority: fired[0]?.priority ?? null, reasons: fired.map((f) => f.reason) }
}
