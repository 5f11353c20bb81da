/**
 * Originals that persons were shown: reveals, contents and time, by person and day, from the events of custody logs.
 * Pure: everyone with the logs computes the same figures.
 */
import type { CustodyEvent, RevealFact } from '../contracts/custody.ts'
import type { Level } from '../contracts/sight.ts'
import { decisionsOf, standing } from '../ledger/custody/decisions.ts'
import { byLevel, distinctScreens, type LevelExposure, type Screened, screensIn } from './screen-exposure.ts'

export interface LogOfLedger {
  readonly ledger: string
  readonly events: readonly CustodyEvent[]
}

export interface ExposureDay {
  readonly operator: string
  /** `2026-11-26`, in the requested time zone. */
  readonly day: string
  readonly reveals: number
  /** Number of pictures; a frame of a video counts as one. */
  readonly pictures: number
  /** Number of distinct contents over all ledgers. */
  readonly contents: number
  readonly shownMs: number
  /** Number of reveals whose end is unknown: they count with the full time, so the total time is an upper bound. */
  readonly atMost: number
  readonly refused: number
  /** Number of reveals. */
  readonly byTreatment: Readonly<Record<string, number>>
  /** Number by the person's final decision on the content, `scale category`, or `undecided`. */
  readonly byCategory: Readonly<Record<string, number>>
  /** Tiles, by level of sight. */
  readonly screens: Readonly<Partial<Record<Level, LevelExposure>>>
}

/** One reveal from the log. */
export interface Revealed {
  /** Head of the event that requested it: copies of one log have the same head. */
  readonly head: string
  readonly operator: string
  readonly utc: string
  readonly sha256: string
  readonly treatment: string
  readonly pictures: number
  readonly shownMs: number
  /** The log does not contain the time when it was hidden. */
  readonly atMost: boolean
}

/** Reveals for which pixels were made. A refused reveal, before or after, showed no pixels. */
export function revealsIn(events: readonly CustodyEvent[]): readonly Revealed[] {
  const ends = new Map<number, { readonly fact: RevealFact; readonly detail: CustodyEvent['detail'] }>()
  for (const { fact, detail } of events)
    if (fact?.kind === 'reveal' && fact.asked !== null) ends.set(fact.asked, { fact, detail })
  return events.flatMap(({ number, utc, operator, fact, detail, head }): Revealed[] => {
    if (fact?.kind !== 'reveal' || fact.act !== 'asked') return []
    const end = ends.get(number)
    if (end?.fact.act === 'refused') return []
    const { sha256, treatment } = fact
    return [
      {
        head,
        operator: operator ?? '',
        utc,
        sha256,
        treatment: treatment ?? '',
        pictures: Number(end?.detail.pictures ?? detail.pictures) || 1,
        shownMs: end?.fact.shownMs ?? (Number(detail.mostMs) || 0),
        atMost: end?.fact.shownMs == null || end.detail.by === 'lost',
      },
    ]
  })
}

/**
 * Each reveal once, even when copies of a ledger are counted: a copy that records the end takes precedence. In order
 * of the logs.
 */
export function distinctReveals<T extends Revealed>(all: readonly T[]): readonly T[] {
  const known = new Map<string, T>()
  for (const one of all) {
    const before = known.get(one.head)
    if (!before || (before.atMost && !one.atMost)) known.set(one.head, one)
  }
  return [...known.values()]
}

export interface ExposureTotals {
  readonly persons: number
  readonly reveals: number
  /** Upper bound: a reveal without a recorded end counts with its full time. */
  readonly seconds: number
}

/** Totals without names, for a court: exposure is personal data. @returns null where there was no reveal */
export function exposureTotals(logs: readonly (readonly CustodyEvent[])[]): ExposureTotals | null {
  const all = distinctReveals(logs.flatMap((events) => revealsIn(events)))
  if (all.length === 0) return null
  return {
    persons: new Set(all.map(({ operator }) => operator)).size,
    reveals: all.length,
    seconds: Math.ceil(all.reduce((sum, { shownMs }) => sum + shownMs, 0) / 1000),
  }
}

/** @param zone IANA zone @returns figures by person, then day */
export function exposureOf(logs: readonly LogOfLedger[], zone: string): readonly ExposureDay[] {
  const dayOf = dayIn(zone)
  const days = new Map<string, Tally>()
  const tally = (operator: string, utc: string): Tally => {
    const key = `${operator}\0${dayOf(utc)}`
    const known = days.get(key)
    if (known) return known
    const made = new Tally(operator, dayOf(utc))
    days.set(key, made)
    return made
  }
  const all = logs.flatMap(({ events }) => {
    const decisions = decisionsOf(events)
    return revealsIn(events).map((revealed) => ({
      ...revealed,
      categories: categoriesOf(revealed, decisions),
    }))
  })
  for (const { categories, ...revealed } of distinctReveals(all))
    tally(revealed.operator, revealed.utc).add(revealed, categories)
  for (const one of distinctScreens(logs.flatMap(({ events }) => screensIn(events))))
    tally(one.operator, one.utc).screens.push(one)
  const refused = new Map<string, CustodyEvent>()
  for (const { events } of logs)
    for (const event of events)
      if (event.fact?.kind === 'reveal' && event.fact.act === 'refused') refused.set(event.head, event)
  for (const { operator, utc } of refused.values()) tally(operator ?? '', utc).refused++
  return [...days.values()]
    .map((day) => day.said())
    .sort((a, b) => order(a.operator, b.operator) || order(a.day, b.day))
}

function categoriesOf(
  { sha256, operator }: Revealed,
  decisions: ReturnType<typeof decisionsOf>,
): readonly string[] {
  const mine = standing(decisions.get(sha256) ?? []).filter((one) => one.operator === operator)
  return mine.length === 0 ? ['undecided'] : mine.map(({ scale, category }) => `${scale} ${category}`)
}

/** Function that turns an instant into its day in a zone: `2026-11-26`. */
export function dayIn(zone: string): (utc: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return (utc) => format.format(new Date(utc))
}

class Tally {
  refused = 0
  readonly screens: Screened[] = []
  readonly #operator: string
  readonly #day: string
  readonly #contents = new Set<string>()
  readonly #byTreatment: Record<string, number> = {}
  readonly #byCategory: Record<string, number> = {}
  #reveals = 0
  #pictures = 0
  #shownMs = 0
  #atMost = 0

  constructor(operator: string, day: string) {
    this.#operator = operator
    this.#day = day
  }

  add({ sha256, treatment, pictures, shownMs, atMost }: Revealed, categories: readonly string[]): void {
    this.#reveals++
    this.#pictures += pictures
    this.#contents.add(sha256)
    this.#shownMs += shownMs
    if (atMost) this.#atMost++
    this.#byTreatment[treatment] = (this.#byTreatment[treatment] ?? 0) + 1
    for (const category of categories) this.#byCategory[category] = (this.#byCategory[category] ?? 0) + 1
  }

  said(): ExposureDay {
    return {
      operator: this.#operator,
      day: this.#day,
      reveals: this.#reveals,
      pictures: this.#pictures,
      contents: this.#contents.size,
      shownMs: this.#shownMs,
      atMost: this.#atMost,
      refused: this.refused,
      byTreatment: this.#byTreatment,
      byCategory: this.#byCategory,
      screens: byLevel(this.screens),
    }
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
