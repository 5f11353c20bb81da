/**
 * Decisions of persons: category, scale and note of a content. They are custody events, so a later one supersedes an earlier
 * one without overwriting it. The program itself never decides.
 */
import type { CustodyEvent } from '../../contracts/ledger.ts'
import { appendCustody } from './custody.ts'

export interface Decision {
  /** Content decided on, lower-case hex. */
  readonly sha256: string
  readonly category: string
  /** Scale that the category belongs to. */
  readonly scale: string
  readonly note: string
}

export interface RecordedDecision extends Decision {
  readonly utc: string
  readonly operator: string
  readonly account: string
}

const DECIDED = 'decided'

/** @throws CustodyUnavailable when it cannot be logged: the decision is then not made */
export function recordDecision(
  ledgerPath: string,
  decision: Decision,
  by: { readonly operator: string; readonly account: string },
): CustodyEvent {
  const { sha256, category, scale, note } = decision
  return appendCustody(ledgerPath, { event: DECIDED, ...by, detail: { sha256, category, scale, note } })
}

/** All decisions by content, oldest first: the last one holds, those before it were superseded. */
export function decisionsOf(
  events: readonly CustodyEvent[],
): ReadonlyMap<string, readonly RecordedDecision[]> {
  const decisions = new Map<string, RecordedDecision[]>()
  for (const { event, utc, operator, account, detail } of events) {
    if (event !== DECIDED) continue
    const { sha256 = '', category = '', scale = '', note = '' } = detail
    const made = { sha256, category, scale, note, utc, operator: operator ?? '', account }
    decisions.set(sha256, [...(decisions.get(sha256) ?? []), made])
  }
  return decisions
}
