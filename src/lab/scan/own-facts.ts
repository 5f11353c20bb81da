/** Facts that a sealed ledger contains about itself. A path or a summary may belong to another exhibit. */
import { openLedger } from '../../ledger/read/read.ts'

export interface OwnFacts {
  readonly case: string
  readonly exhibit: string
  /** Null: the ledger is not sealed. */
  readonly evidence: string | null
  readonly analysis: string | null
  /** Head of its chain. */
  readonly head: string
}

/** @throws LedgerDamaged */
export function ownFacts(path: string): OwnFacts {
  const ledger = openLedger(path)
  try {
    const { caseId, exhibitId } = ledger.case
    const { evidenceDigest = null, analysisDigest = null } = ledger.seal ?? {}
    return {
      case: caseId,
      exhibit: exhibitId,
      evidence: evidenceDigest,
      analysis: analysisDigest,
      head: ledger.chainHead,
    }
  } finally {
    ledger.close()
  }
}
