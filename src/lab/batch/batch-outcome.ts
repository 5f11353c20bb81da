/** Outcome of one exhibit in a batch, as it is reported. */
import type { Outcome } from '../scan/outcome.ts'

export interface BatchOutcome extends Outcome {
  readonly event: 'outcome'
  readonly utc: string
  readonly case: string
  readonly exhibit: string
  readonly ledger: string
  readonly attempts: number
}
