/** Whether a reason that came over a pipe is one of ours and fits its outcome. */
import type { StageOutcome } from '../contracts.ts'
import { REASONS, type Reason, type ReasonCode } from '../reasons.ts'

export function isReason(outcome: StageOutcome, code: unknown): code is ReasonCode {
  if (typeof code !== 'string' || !Object.hasOwn(REASONS, code)) return false
  const { outcomes } = REASONS[code as ReasonCode] as Reason
  return outcomes.some((allowed) => allowed === outcome)
}
