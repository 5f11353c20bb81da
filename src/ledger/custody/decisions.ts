/**
 * Decisions of persons: category, scale and note of a content. Decisions are custody events. For each person and scale
 * the last decision stands; no decision replaces the decision of another person. The program itself never decides.
 */
import type { CustodyEvent, DecisionFact } from '../../contracts/custody.ts'
import { appendAllCustody } from './custody.ts'

export interface RecordedDecision extends DecisionFact {
  /** Number of the decision's custody event. */
  readonly number: number
  readonly utc: string
  readonly operator: string
  readonly account: string
  /** Only for an adjudication: numbers of the events that it settles. */
  readonly of: readonly number[]
  /** Views of the content that the program had shown to that person before the decision (custody/sight.ts). */
  readonly seen: 'nothing' | 'preview' | 'imported' | 'revealed'
}

export interface DecidedBy {
  readonly operator: string
  readonly account: string
}

export interface NewDecision extends DecisionFact {
  /** Only for an adjudication: numbers of the events that it settles. */
  readonly of?: readonly number[]
  /** View that the person had of the content: `none`, `preview`, or `reveal 12` with the number of the reveal event. */
  readonly seen?: string
}

/**
 * Records all decisions in one transaction, with one link of the chain for each.
 * @throws CustodyUnavailable when the decisions cannot be logged: no decision is then recorded
 */
export function recordDecisions(
  ledgerPath: string,
  decisions: readonly NewDecision[],
  by: DecidedBy,
): readonly CustodyEvent[] {
  return appendAllCustody(
    ledgerPath,
    decisions.map(({ of = [], seen, ...fact }) => ({
      event: fact.act,
      ...by,
      detail: {
        ...(of.length > 0 ? { of: of.join(' ') } : {}),
        ...(seen === undefined ? {} : { seen }),
      },
      fact,
    })),
  )
}

/** All decisions by content, oldest first. */
export function decisionsOf(
  events: readonly CustodyEvent[],
): ReadonlyMap<string, readonly RecordedDecision[]> {
  const decisions = new Map<string, RecordedDecision[]>()
  const reader = new DecisionReader()
  for (const event of events) {
    const made = reader.take(event)
    if (made === null) continue
    const before = decisions.get(made.sha256)
    if (before) before.push(made)
    else decisions.set(made.sha256, [made])
  }
  return decisions
}

/**
 * Reads decisions event by event, and remembers earlier views of each person: a review session knows only its own
 * reveals.
 */
export class DecisionReader {
  readonly #revealed = new Set<string>()

  /** Null when the event is not a decision. */
  take(event: CustodyEvent): RecordedDecision | null {
    const { number, utc, operator, account, detail, fact: said } = event
    if (said?.kind === 'reveal' && said.act === 'shown') this.#revealed.add(`${said.sha256} ${operator}`)
    const fact = factOf(event)
    if (fact === null) return null
    const of = (detail.of ?? '').split(' ').flatMap((one) => (/^\d+$/.test(one) ? [Number(one)] : []))
    const seen = this.#revealed.has(`${fact.sha256} ${operator}`) ? 'revealed' : seenIn(detail)
    return { ...fact, number, utc, operator: operator ?? '', account, of, seen }
  }
}

/** For a decision that was made outside a review, this program had shown nothing. */
function seenIn({ seen = '', importedFrom }: CustodyEvent['detail']): RecordedDecision['seen'] {
  if (importedFrom !== undefined) return 'imported'
  if (seen === 'preview') return 'preview'
  return seen.startsWith('reveal ') ? 'revealed' : 'nothing'
}

/**
 * The standing decisions on one content: the last decision of each person on each scale, without withdrawn decisions.
 */
export function standing(made: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const last = new Map(made.map((one) => [`${one.scale}\0${one.operator}`, one]))
  return [...last.values()].filter(({ act }) => act !== 'withdrawn')
}

/** The combined result of the standing decisions of all persons on one scale. */
export type Outcome =
  | { readonly kind: 'none' }
  /** One person decided, several persons agree, or one person adjudicated. */
  | { readonly kind: 'single' | 'agreed' | 'adjudicated'; readonly category: string }
  /** Each category once. */
  | { readonly kind: 'differing'; readonly categories: readonly string[] }

/**
 * An adjudication settles only the decisions that it names. A decision that a person makes later with another category
 * differs from the adjudication.
 * @param made decisions on one content, oldest first
 */
export function outcomeOf(made: readonly RecordedDecision[], scale: string): Outcome {
  const stand = standing(made).filter((one) => one.scale === scale)
  const settled = stand.findLast(({ act }) => act === 'adjudicated')
  const open = settled
    ? stand.filter(({ number, act }) => act !== 'adjudicated' && !settled.of.includes(number))
    : stand
  const categories = new Set([...(settled ? [settled] : []), ...open].map(({ category }) => category ?? ''))
  const [category] = categories
  if (category === undefined) return { kind: 'none' }
  if (categories.size > 1) return { kind: 'differing', categories: [...categories] }
  if (settled) return { kind: 'adjudicated', category }
  return { kind: stand.length > 1 ? 'agreed' : 'single', category }
}

function factOf({ event, detail, fact }: CustodyEvent): DecisionFact | null {
  if (fact?.kind === 'decision') return fact
  // Version 1 of the sidecar stored the decision in the detail of the event.
  if (event !== 'decided' || fact !== null) return null
  const { sha256 = '', category = '', scale = '', note = '' } = detail
  return { kind: 'decision', sha256, scale, act: 'decided', category, note, pass: null, session: null }
}
