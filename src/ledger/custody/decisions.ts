/**
 * Decisions of persons: category, scale and note of a content. They are custody events: of each person on each scale the last one
 * stands, and nobody's decision replaces another's. The program itself never decides.
 */
import type { CustodyEvent, DecisionFact } from '../../contracts/custody.ts'
import { appendAllCustody } from './custody.ts'

export interface RecordedDecision extends DecisionFact {
  readonly utc: string
  readonly operator: string
  readonly account: string
}

export interface DecidedBy {
  readonly operator: string
  readonly account: string
}

/**
 * All of them, in one transaction with one link of the chain each.
 * @throws CustodyUnavailable when they cannot be logged: none is then made
 */
export function recordDecisions(
  ledgerPath: string,
  decisions: readonly DecisionFact[],
  by: DecidedBy,
): readonly CustodyEvent[] {
  return appendAllCustody(
    ledgerPath,
    decisions.map((fact) => ({ event: fact.act, ...by, detail: {}, fact })),
  )
}

/** All decisions by content, oldest first. */
export function decisionsOf(
  events: readonly CustodyEvent[],
): ReadonlyMap<string, readonly RecordedDecision[]> {
  const decisions = new Map<string, RecordedDecision[]>()
  for (const event of events) {
    const fact = decisionOf(event)
    if (fact === null) continue
    const { utc, operator, account } = event
    const made = decisions.get(fact.sha256) ?? []
    decisions.set(fact.sha256, made)
    made.push({ ...fact, utc, operator: operator ?? '', account })
  }
  return decisions
}

/** Of one content: the last decision of each person on each scale, those that were withdrawn left out. */
export function standing(made: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const last = new Map(made.map((one) => [`${one.scale}\0${one.operator}`, one]))
  return [...last.values()].filter(({ act }) => act !== 'withdrawn')
}

function decisionOf({ event, detail, fact }: CustodyEvent): DecisionFact | null {
  if (fact?.kind === 'decision') return fact
  // Version 1 said it in the detail of the event.
  if (event !== 'decided' || fact !== null) return null
  const { sha256 = '', category = '', scale = '', note = '' } = detail
  return { kind: 'decision', sha256, scale, act: 'decided', category, note, pass: null, session: null }
}
