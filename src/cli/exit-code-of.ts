/** The exit code of what a ledger holds. */
import { EXIT } from '../base/exit-codes.ts'
import type { Summary } from '../contracts/view.ts'

/**
 * Findings are hits on illegal or of-interest lists, digest conflicts, near matches and leads; never known hits or
 * attributes. Summary.hits counts the former only.
 */
export function exitCodeOf(
  summary: Pick<Summary, 'hits' | 'conflicts' | 'near' | 'leads' | 'complete'>,
): number {
  const found = summary.hits + summary.conflicts + summary.near + summary.leads > 0
  if (found) return summary.complete ? EXIT.findings : EXIT.findingsIncomplete
  return summary.complete ? EXIT.complete : EXIT.incomplete
}
