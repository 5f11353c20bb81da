/** The exit code for the summary of a ledger. */
import { EXIT } from '../../base/exit-codes.ts'
import { COUNTED, type Summary } from '../../contracts/view.ts'

/**
 * Findings are hits and references on illegal or of-interest lists, digest conflicts, near matches and leads; never known
 * hits or attributes. Summary.hits counts the former only.
 */
export function exitCodeOf(summary: Pick<Summary, (typeof COUNTED)[number] | 'complete'>): number {
  const found = COUNTED.some((name) => summary[name] > 0)
  if (found) return summary.complete ? EXIT.findings : EXIT.findingsIncomplete
  return summary.complete ? EXIT.complete : EXIT.incomplete
}
