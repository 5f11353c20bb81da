/**
 * The queue of rescue: contents that may speak of a child at risk now. A rule proposes, and the last word of a person
 * stands.
 *
 * The rule needs a lead and a recent time. The lead is on a picture or video of no list that a camera of the exhibit
 * made (score/first-generation.ts), or on a conversation: conversations are read only with a legal basis for text. The
 * queue says that a person should look at once, never that a child is at risk.
 */
import { exifDate } from '../base/exif-date.ts'
import type { CustodyEvent } from '../contracts/custody.ts'
import type { LedgerIdentity, RunHistory } from '../contracts/ledger-reader.ts'
import type { EntryView } from '../contracts/view.ts'
import { RescueMoves } from '../ledger/custody/rescue-moves.ts'
import type { Db } from '../ledger/format/database.ts'
import type { ContentLookup } from '../ledger/read/content-lookup.ts'
import type { SearchFacts } from '../ledger/read/search-facts.ts'
import { fromPer10k } from '../report/model/values.ts'
import type { Catalogue } from './catalogue.ts'
import type { RescueReason, RescueSaid } from './said-rescue.ts'

/** Before the examination; a judgement: exhibits wait for months in a laboratory. */
const RECENT_DAYS = 365
const DAY_S = 86_400

/** Contents with a lead that the rule may take: few of a million. */
const CANDIDATES = `
  SELECT DISTINCT s.content FROM score s WHERE s.score_per_10k >= s.threshold_per_10k AND (s.classifier = 'grooming'
    OR EXISTS (SELECT 1 FROM attribute a WHERE a.content = s.content AND a.code = 'camera-model'))`

/** Candidates that the rule is asked of before a person asks for the queue; measured: some 8,000 a second. */
const MOST_AT_ONCE = 2000

const NEWEST_RECORD = 'SELECT max(time_s) FROM sign WHERE content = +?'

/** What a review gives the queue. */
interface Reviewed {
  readonly catalogue: Catalogue
  readonly db: Db
  readonly facts: SearchFacts
  readonly lookup: ContentLookup
  readonly ledger: LedgerIdentity & RunHistory
  isInPass(number: number): boolean
}

export class RescueQueue {
  readonly #session: Reviewed
  readonly #moves = new RescueMoves()
  #proposed: ReadonlyMap<number, readonly RescueReason[]> | null = null

  constructor(session: Reviewed) {
    this.#session = session
  }

  /** In a blind pass an event of another person would say what that person thought: the caller leaves it out. */
  take(event: CustodyEvent): void {
    this.#moves.take(event)
  }

  /** @param number of the catalogue */
  has(number: number): boolean {
    const last = this.#moves.of(this.#session.catalogue.sha256(number)).at(-1)
    return last?.isIn ?? this.#proposals().has(number)
  }

  of(number: number): RescueSaid {
    const moves = this.#moves.of(this.#session.catalogue.sha256(number))
    return { isIn: this.has(number), reasons: this.#proposals().get(number) ?? [], moves }
  }

  /** Number of contents of the pass in the queue; null where the rule was not asked yet and would take seconds. */
  get size(): number | null {
    if (this.#proposed === null && this.#isLong()) return null
    const { catalogue } = this.#session
    const numbers = new Set(this.#proposals().keys())
    for (const sha256 of this.#moves.contents()) {
      const number = catalogue.numberOf(sha256)
      if (number !== null) numbers.add(number)
    }
    return [...numbers].filter((number) => this.#session.isInPass(number) && this.has(number)).length
  }

  #isLong(): boolean {
    const first = `SELECT count(*) FROM (${CANDIDATES} LIMIT ${MOST_AT_ONCE + 1})`
    return (this.#session.db.prepare<[], number>(first).pluck().get() ?? 0) > MOST_AT_ONCE
  }

  /** The ledger does not change, so the rule is asked once. */
  #proposals(): ReadonlyMap<number, readonly RescueReason[]> {
    this.#proposed ??= this.#propose()
    return this.#proposed
  }

  #propose(): ReadonlyMap<number, readonly RescueReason[]> {
    const { catalogue, db, facts, lookup, ledger } = this.#session
    const examined = ledger.seal?.utc ?? ledger.events().at(-1)?.utc ?? new Date().toISOString()
    const examinedS = Date.parse(examined) / 1000
    const newest = db.prepare<[number], number | null>(NEWEST_RECORD).pluck()
    const proposed = new Map<number, readonly RescueReason[]>()
    for (const id of db.prepare<[], number>(CANDIDATES).pluck().all()) {
      const number = catalogue.numberOfId(id)
      const [entry] = number === null ? [] : lookup.placesOf(id)
      if (number === null || entry === undefined) continue
      for (const view of facts.placesOf(entry)) {
        const kinds = kindsOf(view)
        if (kinds.length === 0) continue
        const isChat = kinds.every(({ code }) => code === 'conversation')
        const newestRecord = isChat ? newest.get(id) : null
        const seconds = newestRecord ?? takenAt(view) ?? modifiedAt(catalogue.modified[number]!)
        const time = timeReason(seconds, examinedS)
        if (time !== null) proposed.set(number, [...kinds, time])
        break
      }
    }
    return proposed
  }
}

/** What the rules of priority say of it; empty where none of them is meant. */
function kindsOf({ ranked, leads }: EntryView): readonly RescueReason[] {
  const camera = ranked.reasons.find(
    ({ code }) => code === 'possible-first-generation' || code === 'apparent-minor-of-first-generation',
  )
  const chat = leads.find(({ classifier }) => classifier === 'grooming')
  const {
    make = '',
    model = '',
    others = 0,
  } = (camera?.params ?? {}) as Readonly<Record<string, string | number>>
  return [
    ...(camera === undefined
      ? []
      : [
          {
            code: 'first-generation',
            camera: `${make} ${model}`.trim(),
            others: Number(others),
          } as const,
        ]),
    ...(chat === undefined
      ? []
      : [
          {
            code: 'conversation',
            classifier: chat.classifier,
            score: String(fromPer10k(chat.scorePer10k)),
          } as const,
        ]),
  ]
}

/** Time of the shot as the content states it, in seconds since 1970 of an unknown zone. */
function takenAt({ attributes }: EntryView): number | null {
  const said = attributes.find(({ code }) => code === 'capture-time')?.params as { text?: string } | undefined
  const [, date] = /^(\d{4}-\d\d-\d\d)/.exec(exifDate(said?.text ?? '')) ?? []
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(ms) ? null : ms / 1000
}

function modifiedAt(seconds: number): number | null {
  return Number.isNaN(seconds) ? null : seconds
}

/** Null where the time is too old. A time after the examination is a wrong clock, and counts as recent. */
function timeReason(seconds: number | null, examinedS: number): RescueReason | null {
  if (seconds === null) return { code: 'no-time' }
  if (examinedS - seconds > RECENT_DAYS * DAY_S) return null
  const time = new Date(seconds * 1000)
  return {
    code: 'recent',
    time: Number.isNaN(time.getTime()) ? '' : time.toISOString().slice(0, 10),
    days: RECENT_DAYS,
  }
}
