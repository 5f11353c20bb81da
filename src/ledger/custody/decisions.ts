/**
 * Decisions of persons: category, scale and note of a content. They are custody events: of each person on each scale the last one
 * stands, and nobody's decision replaces another's. The program itself never decides.
 */
import type { CustodyEvent, DecisionFact } from '../../contracts/custody.ts'
import { appendAllCustody } from './custody.ts'

export interface RecordedDecision extends DecisionFact {
  /** Of its event. */
  readonly number: number
  readonly utc: string
  readonly operator: string
  readonly account: string
  /** Of an adjudication: numbers of the events that it settles. */
  readonly of: readonly number[]
  /** What the program had shown that person of it until then (custody/sight.ts). */
  readonly seen: 'nothing' | 'preview' | 'imported' | 'revealed'
}

export interface DecidedBy {
  readonly operator: string
  readonly account: string
}

export interface NewDecision extends DecisionFact {
  /** Of an adjudication. */
  readonly of?: readonly number[]
  /** What the person had seen of it: `none`, `preview`, or `reveal 12` by the number of its event. */
  readonly seen?: string
}

/**
 * All of them, in one transaction with one link of the chain each.
 * @throws CustodyUnavailable when they cannot be logged: none is then made
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

/** Reads decisions event by event, and remembers what each person was shown before: a session knows of its own reveals alone. */
export class DecisionReader {
  readonly #revealed = new Set<string>()

  /** Null for an event that is no decision. */
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

/** A decision that was made outside a review was made without this program showing anything. */
function seenIn({ seen = '', importedFrom }: CustodyEvent['detail']): RecordedDecision['seen'] {
  if (importedFrom !== undefined) return 'imported'
  if (seen === 'preview') return 'preview'
  return seen.startsWith('reveal ') ? 'revealed' : 'nothing'
}

/** Of one content: the last decision of each person on each scale, those that were withdrawn left out. */
export function standing(made: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const last = new Map(made.map((one) => [`${one.scale}\0${one.operator}`, one]))
  return [...last.values()].filter(({ act }) => act !== 'withdrawn')
}

/** What the standing decisions of persons on one scale come to. */
export type Outcome =
  | { readonly kind: 'none' }
  /** One person, several who say the same, or somebody who settled what they said. */
  | { readonly kind: 'single' | 'agreed' | 'adjudicated'; readonly category: string }
  /** Each category once. */
  | { readonly kind: 'differing'; readonly categories: readonly string[] }

/**
 * An adjudication settles the decisions that it names, and no others: a person who decides otherwise later differs from it.
 * @param made of one content, oldest first
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
  // Version 1 said it in the detail of the event.
  if (event !== 'decided' || fact !== null) return null
  const { sha256 = '', category = '', scale = '', note = '' } = detail
  return { kind: 'decision', sha256, scale, act: 'decided', category, note, pass: null, session: null }
}
