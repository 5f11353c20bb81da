/**
 * Screens of tiles that a person was shown, by level: distinct contents, and the time in which at least one was in sight.
 * Pure: everyone with the logs computes the same figures.
 */
import type { CustodyEvent } from '../contracts/custody.ts'
import { LEVELS, type Level } from '../contracts/sight.ts'
import { screenAskedIn, screenShownIn } from '../ledger/custody/screens.ts'

/** One screen from the log. */
export interface Screened {
  /** Head of the event that asked for it: copies of one log have the same head. */
  readonly head: string
  readonly operator: string
  readonly utc: string
  readonly level: Level
  /** SHA-256, base64url: contents whose pixels were sent. */
  readonly contents: readonly string[]
  /** Of the tile that was in sight longest. */
  readonly shownMs: number
  /** The end is not in the log: all tiles count, until the last event of the session and the longest silence. */
  readonly atMost: boolean
}

export interface LevelExposure {
  readonly contents: number
  /** Time in which at least one tile of the level was in sight. */
  readonly shownMs: number
  /** Screens whose end is unknown: the time is an upper bound. */
  readonly atMost: number
}

/** A page that hears nothing of the program blanks itself within this time. */
const SILENCE_MS = 15_000

export function screensIn(events: readonly CustodyEvent[]): readonly Screened[] {
  const open = new Map<number, ReturnType<typeof screenAskedIn>>()
  const lastOf = new Map<string, number>()
  const found: Screened[] = []
  for (const event of events) {
    const session = event.detail.session
    if (session !== undefined) lastOf.set(session, Date.parse(event.utc))
    const asked = screenAskedIn(event)
    if (asked) open.set(asked.number, asked)
    const shown = screenShownIn(event)
    const screen = shown ? open.get(shown.asked) : undefined
    if (!shown || !screen) continue
    open.delete(shown.asked)
    const sent = screen.contents.filter((_, i) => shown.shownMs[i] !== null && shown.shownMs[i] !== undefined)
    const shownMs = Math.max(0, ...shown.shownMs.map((ms) => ms ?? 0))
    if (sent.length > 0) found.push({ ...screen, contents: sent, shownMs, atMost: shown.by === 'silent' })
  }
  for (const screen of open.values())
    if (screen) {
      const last = lastOf.get(screen.session) ?? Date.parse(screen.utc)
      found.push({ ...screen, shownMs: last - Date.parse(screen.utc) + SILENCE_MS, atMost: true })
    }
  return found
}

/** Each screen once, even when copies of a ledger are counted: a copy that records the end takes precedence. */
export function distinctScreens<T extends Screened>(all: readonly T[]): readonly T[] {
  const known = new Map<string, T>()
  for (const one of all) {
    const before = known.get(one.head)
    if (!before || (before.atMost && !one.atMost)) known.set(one.head, one)
  }
  return [...known.values()]
}

/** By level, weakest first; levels that nobody was shown are absent. */
export function byLevel(screens: readonly Screened[]): Readonly<Partial<Record<Level, LevelExposure>>> {
  return Object.fromEntries(
    LEVELS.flatMap((level) => {
      const own = screens.filter((one) => one.level === level)
      if (own.length === 0) return []
      const exposure: LevelExposure = {
        contents: new Set(own.flatMap(({ contents }) => contents)).size,
        shownMs: unionMs(own),
        atMost: own.filter(({ atMost }) => atMost).length,
      }
      return [[level, exposure]]
    }),
  )
}

/** Screens overlap while a person scrolls: a second counts once. */
function unionMs(screens: readonly Screened[]): number {
  const spans = screens
    .map(({ utc, shownMs }) => ({ from: Date.parse(utc), to: Date.parse(utc) + shownMs }))
    .sort((a, b) => a.from - b.from)
  let [total, end] = [0, Number.NEGATIVE_INFINITY]
  for (const { from, to } of spans) {
    total += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return total
}
