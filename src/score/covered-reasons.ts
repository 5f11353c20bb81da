/** Reasons for display: a reason that a stronger reason includes is omitted. A ledger and JSONL keep all reasons. */
import type { ReviewReason, ReviewReasonCode } from '../contracts/review-reason.ts'

const COVERS: Readonly<Partial<Record<ReviewReasonCode, readonly ReviewReasonCode[]>>> = {
  'explicit-and-given-on': ['explicit'],
  'explicit-and-apparent-minor': ['explicit', 'apparent-minor'],
  'possibly-explicit-and-apparent-minor': ['possibly-explicit', 'apparent-minor'],
  'faintly-explicit-and-apparent-minor': ['possibly-explicit', 'apparent-minor'],
  'apparent-minor-in-place': ['apparent-minor'],
  'apparent-minor-and-text-signs': ['apparent-minor', 'text-signs'],
  'apparent-minor-and-agency-words': ['apparent-minor', 'agency-words'],
}

export function withoutCovered(reasons: readonly ReviewReason[]): readonly ReviewReason[] {
  const covered = new Set(reasons.flatMap(({ code }) => COVERS[code] ?? []))
  return reasons.filter(({ code }) => !covered.has(code))
}
