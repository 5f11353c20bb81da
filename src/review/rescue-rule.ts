/**
 * The rule of the queue of rescue: contents that may speak of a child at risk now.
 *
 * It needs a lead and a recent time. The lead is on a picture or video of no list that a camera of the exhibit made
 * (score/first-generation.ts), or on a conversation: conversations are read only with a legal basis for text. The rules of
 * priority are asked of few columns, as in ledger/read/priorities.ts; no view is built.
 */

import { parseEvidencePath } from '../base/evidence-path.ts'
import { exifDate } from '../base/exif-date.ts'
import type { Attribute } from '../contracts/attribute.ts'
import type { EvidencePath } from '../contracts/entry.ts'
import type { Lead } from '../contracts/finding.ts'
import type { ExaminationFacts, LedgerIdentity, RunHistory } from '../contracts/ledger-reader.ts'
import type { FindingRow } from '../findings/finding-kind.ts'
import { NO_FINDINGS } from '../findings/index.ts'
import { score } from '../findings/score.ts'
import type { Db } from '../ledger/format/database.ts'
import type { NodeRow } from '../ledger/format/evidence-tree.ts'
import { Cameras } from '../ledger/read/cameras.ts'
import { Paths } from '../ledger/read/paths.ts'
import { Places } from '../ledger/read/places.ts'
import { fromPer10k } from '../report/model/values.ts'
import { secondOpinions } from '../score/covered-face.ts'
import { firstGeneration } from '../score/first-generation.ts'
import { leadsOf } from '../score/leads.ts'
import { rulesOf } from '../score/rule-versions.ts'
import { rank } from '../score/score.ts'
import { saysFolders } from '../terms/agency-scores.ts'
import type { Catalogue } from './catalogue.ts'
import type { RescueReason } from './said-rescue.ts'

/** Before the examination; a judgement: exhibits wait for months in a laboratory. */
const RECENT_DAYS = 365
const DAY_S = 86_400
/** Candidates of one piece of work: some milliseconds. */
const PIECE = 200

/** Contents with a lead that the rule may take: few of a million. */
const CANDIDATES = `
  SELECT DISTINCT s.content FROM score s WHERE s.score_per_10k >= s.threshold_per_10k AND (s.classifier = 'grooming'
    OR EXISTS (SELECT 1 FROM attribute a WHERE a.content = s.content AND a.code = 'camera-model'))
    AND s.content > +? ORDER BY s.content LIMIT ${PIECE}`

const FIRST_PLACE = `SELECT e.id, e.above, e.step, e.name, e.parent FROM reading r JOIN entry e ON e.id = r.entry
  WHERE r.content = +? ORDER BY r.entry LIMIT 1`
const TAKEN = `SELECT params ->> 'text' FROM attribute WHERE content = +? AND code = 'capture-time'
  ORDER BY batch, ordinal LIMIT 1`
const NEWEST_RECORD = 'SELECT max(time_s) FROM sign WHERE content = +?'

/** What the rule asks a ledger. */
export type ExaminedLedger = LedgerIdentity & ExaminationFacts & RunHistory

export class RescueRule {
  readonly #catalogue: Catalogue
  readonly #plan: ExaminationFacts['plan']
  readonly #examinedS: number
  readonly #cameras: Cameras
  readonly #paths: Paths
  readonly #others: Places
  readonly #candidates
  readonly #firstPlace
  readonly #scores
  readonly #named
  readonly #taken
  readonly #newest

  /** @param db a connection of its own: a piece of work may leave it in the middle of a query */
  constructor(db: Db, catalogue: Catalogue, ledger: ExaminedLedger) {
    this.#catalogue = catalogue
    this.#plan = ledger.plan
    const examined = ledger.seal?.utc ?? ledger.events().at(-1)?.utc ?? new Date().toISOString()
    this.#examinedS = Date.parse(examined) / 1000
    this.#cameras = new Cameras(db)
    this.#paths = new Paths(db)
    this.#others = new Places(db, new Paths(db))
    this.#candidates = db.prepare<[number], number>(CANDIDATES).pluck()
    this.#firstPlace = db.prepare<
      [number],
      NodeRow & { readonly id: number; readonly parent: number | null }
    >(FIRST_PLACE)
    this.#scores = scoresOf(db, 'score', 'content')
    this.#named = scoresOf(db, 'entry_score', 'entry')
    this.#taken = db.prepare<[number], string | null>(TAKEN).pluck()
    this.#newest = db.prepare<[number], number | null>(NEWEST_RECORD).pluck()
  }

  /** True: the cameras are grouped, and one content is asked about in no time. */
  get isGrouped(): boolean {
    return this.#cameras.isGrouped
  }

  /** All contents that the rule puts into the queue, by number of the catalogue. @returns after many pieces of work */
  *proposals(
    progress: (share: number) => void,
  ): Generator<void, ReadonlyMap<number, readonly RescueReason[]>> {
    yield* this.#cameras.grouping()
    const proposed = new Map<number, readonly RescueReason[]>()
    const last = this.#catalogue.ids.at(-1) ?? 0
    for (let page = this.#candidates.all(-1); page.length > 0; page = this.#candidates.all(page.at(-1)!)) {
      for (const id of page) {
        const number = this.#catalogue.numberOfId(id)
        const reasons = number === null ? [] : this.of(number)
        if (reasons.length > 0) proposed.set(number!, reasons)
      }
      progress(Math.min(1, page.at(-1)! / Math.max(1, last)))
      yield
    }
    return proposed
  }

  /** @param number of the catalogue @returns reasons; empty where the rule does not put it into the queue */
  of(number: number): readonly RescueReason[] {
    const id = this.#catalogue.ids[number]!
    const scores = this.#scores.all(id).map((row) => score.fromRow(row))
    const leads = leadsOf(scores)
    if (leads.length === 0) return []
    const source = firstGeneration(this.#cameras.fit(id), rulesOf(this.#plan))
    if (source === null && !leads.some(isChat)) return []
    const shot = source === null ? null : this.#timeOf(id, number, false)
    // Most are too old, and the rules of priority are asked of the others alone.
    if (source !== null && shot === null && !leads.some(isChat)) return []
    const place = this.#firstPlace.get(id)
    if (place === undefined) return []
    const path = this.#paths.ofRow(place)
    const opinions = secondOpinions(scores, this.#plan)
    const attributes = source === null ? opinions : [source, ...opinions]
    const all = [...leads, ...leadsOf(this.#named.all(place.id).map((row) => score.fromRow(row)))]
    let kinds = this.#kindsAt(path, all, attributes)
    if (kinds.length === 0) {
      const ofCopies = all.filter((one) => !saysFolders({ kind: 'score', ...one }))
      for (const other of this.#others.othersOf(place.parent, path.bytes).paths) {
        kinds = this.#kindsAt(parseEvidencePath(other), ofCopies, attributes)
        if (kinds.length > 0) break
      }
    }
    if (kinds.length === 0) return []
    const time = kinds.every(({ code }) => code === 'conversation') ? this.#timeOf(id, number, true) : shot
    return time === null ? [] : [...kinds, time]
  }

  /** What the rules of priority say of it; empty where none of them is meant. */
  #kindsAt(
    path: EvidencePath,
    leads: readonly Lead[],
    attributes: readonly Attribute[],
  ): readonly RescueReason[] {
    const { reasons } = rank({ ...NO_FINDINGS, leads, attributes, path }, rulesOf(this.#plan))
    const camera = reasons.find(
      ({ code }) => code === 'possible-first-generation' || code === 'apparent-minor-of-first-generation',
    )
    const chat = leads.find(isChat)
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

  /** Null where the time is too old. A time after the examination is a wrong clock, and counts as recent. */
  #timeOf(id: number, number: number, isConversation: boolean): RescueReason | null {
    const seconds =
      (isConversation ? this.#newest.get(id) : null) ??
      dateOf(this.#taken.get(id)) ??
      modifiedAt(this.#catalogue.modified[number]!)
    if (seconds === null) return { code: 'no-time' }
    if (this.#examinedS - seconds > RECENT_DAYS * DAY_S) return null
    const time = new Date(seconds * 1000)
    return {
      code: 'recent',
      time: Number.isNaN(time.getTime()) ? '' : time.toISOString().slice(0, 10),
      days: RECENT_DAYS,
    }
  }
}

function scoresOf(db: Db, table: 'score' | 'entry_score', of: 'content' | 'entry') {
  return db
    .prepare<[number], FindingRow>(`SELECT * FROM ${table} WHERE ${of} = +? ORDER BY batch, ordinal`)
    .safeIntegers()
}

function isChat({ classifier }: Lead): boolean {
  return classifier === 'grooming'
}

/** Time of the shot as the content states it, in seconds since 1970 of an unknown zone. */
function dateOf(text: string | null | undefined): number | null {
  const [, date] = /^(\d{4}-\d\d-\d\d)/.exec(exifDate(text ?? '')) ?? []
  const ms = date === undefined ? Number.NaN : Date.parse(`${date}T00:00:00Z`)
  return Number.isNaN(ms) ? null : ms / 1000
}

function modifiedAt(seconds: number): number | null {
  return Number.isNaN(seconds) ? null : seconds
}
