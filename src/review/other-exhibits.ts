/** Decisions on other exhibits of the case, from their ledgers. */
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import { openLedger } from '../ledger/read/read.ts'
import type { GradedElsewhere } from './said-elsewhere.ts'

/** By SHA-256 in hex. */
export type OtherExhibits = ReadonlyMap<string, readonly GradedElsewhere[]>

/**
 * @param ledgers verified by the caller; those of another case are left out
 * @param of the ledger of this review
 */
export function gradedOnOthers(
  ledgers: readonly string[],
  of: { readonly path: string; readonly caseId: string; readonly scale: string },
): OtherExhibits {
  const found = new Map<string, GradedElsewhere[]>()
  for (const path of ledgers) {
    if (path === of.path) continue
    const ledger = openLedger(path)
    try {
      const { caseId, exhibitId } = ledger.case
      if (caseId !== of.caseId) continue
      for (const [sha256, made] of decisionsOf(ledger.custody()))
        for (const { category, operator, scale } of standing(made))
          if (category !== null && scale === of.scale)
            found.set(sha256, [
              ...(found.get(sha256) ?? []),
              { how: 'same', category, operator, exhibit: exhibitId },
            ])
    } finally {
      ledger.close()
    }
  }
  return found
}
