/** What a command's exit code means. Scripts in a lab depend on these: they are documented in README and tested. */
import type { Summary } from '../contracts/view.ts'

export const EXIT = {
  complete: 0,
  bug: 1,
  usage: 2,
  incomplete: 3,
  ledgerDamaged: 4,
  findings: 10,
  findingsIncomplete: 13,
  interrupted: 130,
} as const

/** Words for `--help` and README, in the order a reader wants them. */
export const EXIT_WORDS: readonly (readonly [number, string])[] = [
  [EXIT.complete, 'complete, nothing found'],
  [EXIT.incomplete, 'nothing found, coverage incomplete'],
  [EXIT.findings, 'findings, complete'],
  [EXIT.findingsIncomplete, 'findings, coverage incomplete'],
  [EXIT.usage, 'usage or configuration: nothing was examined'],
  [EXIT.ledgerDamaged, 'the ledger is damaged, or does not match what it is compared with'],
  [EXIT.interrupted, 'interrupted, resumable'],
  [EXIT.bug, 'a bug in seized'],
]

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
