/**
 * Decisions of persons: category, scale and note of a content. Decisions are custody events. For each person and scale
 * the last decision stands; no decision replaces the decision of another person. The program itself never decides.
 */
import type { CustodyEvent, DecisionFact, Sight } from '../../contracts/custody.ts'
import { LEVELS } from '../../contracts/sight.ts'
import { appendAllCustody } from './custody.ts'
import { SightsSoFar } from './sights-so-far.ts'

export interface RecordedDecision extends DecisionFact {
  /** Head of the event that logged it first; a copy in another log of the case has the same. */
  readonly id: string
  /** Number of the decision's custody event. */
  readonly number: number
  /** When the person decided. */
  readonly utc: string
  readonly operator: string
  readonly account: string
  /** Only for an adjudication: numbers of the events that it settles. */
  readonly of: readonly number[]
  /** What the program had shown that person of the content before the decision (custody/sight.ts). */
  readonly seen: 'nothing' | Exclude<Sight, 'list' | 'unseen'>
  /** Time at that level; null where the log does not say it. */
  readonly seenMs: number | null
}

export interface DecidedBy {
  readonly operator: string
  readonly account: string
  /** SHA-256 of the certificate by which the person came over the network. */
  readonly certificate?: string
}

export interface NewDecision extends DecisionFact {
  /** Only for an adjudication: numbers of the events that it settles. */
  readonly of?: readonly number[]
  /** Highest level at which the person had seen the content: `none`, or one of LEVELS. */
  readonly seen?: string
  /** Time at that level. */
  readonly seenMs?: number
}

/**
 * Records all decisions in one transaction, with one link of the chain for each.
 * @throws CustodyUnavailable when the decisions cannot be logged: no decision is then recorded
 */
export function recordDecisions(
  ledgerPath: string,
  decisions: readonly NewDecision[],
  { operator, account, certificate }: DecidedBy,
): readonly CustodyEvent[] {
  return appendAllCustody(
    ledgerPath,
    decisions.map(({ of = [], seen, seenMs, ...fact }) => ({
      event: fact.act,
      operator,
      account,
      detail: {
        ...(of.length > 0 ? { of: of.join(' ') } : {}),
        ...(seen === undefined ? {} : { seen }),
        ...(seenMs === undefined ? {} : { seenMs: String(Math.round(seenMs)) }),
        ...(certificate === undefined ? {} : { certificate }),
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
 * Reads decisions event by event, and remembers what each person was shown before: a decision that was made outside a
 * review says nothing of it.
 */
export class DecisionReader {
  readonly #sights = new SightsSoFar()

  /** Null when the event is not a decision. */
  take(event: CustodyEvent): RecordedDecision | null {
    const { number, utc: logged, operator, account, detail, head } = event
    const { decision: id = head, decidedUtc: utc = logged } = detail
    this.#sights.take(event)
    const fact = factOf(event)
    if (fact === null) return null
    const of = (detail.of ?? '').split(' ').flatMap((one) => (/^\d+$/.test(one) ? [Number(one)] : []))
    const by = operator ?? ''
    return { ...fact, id, number, utc, operator: by, account, of, ...this.#seen(detail, by, fact.sha256) }
  }

  #seen(
    { seen = '', seenMs, importedFrom }: CustodyEvent['detail'],
    operator: string,
    sha256: string,
  ): Pick<RecordedDecision, 'seen' | 'seenMs'> {
    // A review knows everything that was shown, also in earlier sessions.
    if (seen === 'none' && seenMs !== undefined) return { seen: 'nothing', seenMs: null }
    const level = LEVELS.find((one) => one === seen)
    if (level && seenMs !== undefined)
      return { seen: level === 'cells' ? 'preview' : level, seenMs: Number(seenMs) }
    const before = this.#sights.of(operator, sha256)
    if (before === 'revealed') return { seen: 'revealed', seenMs: null }
    if (before !== null && before.level !== 'cells') return { seen: before.level, seenMs: before.shownMs }
    // Older logs name a reveal by the number of its event.
    if (seen.startsWith('reveal ')) return { seen: 'revealed', seenMs: null }
    if (importedFrom !== undefined) return { seen: 'imported', seenMs: null }
    if (before !== null) return { seen: 'preview', seenMs: before.shownMs }
    return { seen: seen === 'preview' ? 'preview' : 'nothing', seenMs: null }
  }
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
