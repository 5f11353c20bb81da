/**
 * Findings → review priority. Pure: no clock, no file, no model; the same findings always rank the same.
 *
 * A priority orders the work of a person. It is not a category, and its absence is not a clearance: a signal that is
 * missing (no face found, no model run) never lowers anything, because every rule can only raise. One answer lowers: that
 * of the detector of persons, and what it lowers stays a lead (no-person.ts).
 */

import type { PlanRules } from '../contracts/case.ts'
import type { Ranked } from '../contracts/finding.ts'
import { apartFrom } from './no-person.ts'
import type { RankInput } from './rank-input.ts'
import { RULES } from './rules.ts'

/**
 * The strongest rule that applies decides; the reasons of all that apply are given, strongest first.
 * @param rules of the plan that the findings were made with (rule-versions.ts)
 */
export function rank(given: RankInput, rules: PlanRules): Ranked {
  const { version, tiers } = rules
  const input: RankInput = { ...given, ...apartFrom(given, rules) }
  const fired = RULES.filter(({ since = 1 }) => version >= since).flatMap(({ priority, reasons }) =>
    reasons(input, tiers).map((reason) => ({ priority, reason })),
  )
  // RULES is in order of priority (a test holds it to that), so the first that fired is the strongest.
  return { priority: fired[0]?.priority ?? null, reasons: fired.map((f) => f.reason) }
}
