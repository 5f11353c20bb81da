/** Compares the machine's clock with times in a ledger, and records differences as events of the run. */
import { parseStoredJson } from '../../base/stored-json.ts'
import {
  CLOCK_AGAINST,
  CLOCK_BEHIND,
  CLOCK_COMPARED,
  CLOCK_TOLERANCE_MS,
  type ClockBehind,
} from '../../contracts/clock.ts'
import type { Db } from './database.ts'

/** A time without a time zone may be up to this many seconds ahead of UTC without being later. */
const ZONES_S = 14 * 3_600

const LATER = `SELECT count(*) AS entries, max(modified_s) AS newest FROM entry
  WHERE parent IS NULL AND modified_s > ? + iif(instr(coalesce(time_basis, ''), 'local-unknown') > 0, ${ZONES_S}, 0)`

const LAST = 'SELECT max(utc) FROM batch'

/** The last second that an ECMAScript date can represent. */
const LAST_SECOND = 8_640_000_000_000

/** @param seen UTC of the newest head in the journal of heads, where there is one */
function comparedClock(db: Db, clock: Date, seen: string | null): readonly ClockBehind[] {
  const limitMs = clock.getTime() + CLOCK_TOLERANCE_MS
  const utc = clock.toISOString()
  const later = db.prepare(LATER).get(Math.floor(limitMs / 1_000)) as {
    entries: number
    newest: number | null
  }
  const behind: ClockBehind[] = []
  if (later.newest !== null) {
    const newest = new Date(Math.min(later.newest, LAST_SECOND) * 1_000).toISOString()
    behind.push({ against: 'exhibit', clock: utc, newest, entries: later.entries })
  }
  const marks = [
    ['ledger', db.prepare(LAST).pluck().get() as string | null] as const,
    ['heads', seen] as const,
  ]
  for (const [against, newest] of marks)
    if (newest !== null && Date.parse(newest) > limitMs)
      behind.push({ against, clock: utc, newest, entries: null })
  return behind
}

/**
 * Events about the clock that a run records now.
 * @param whole true when the inventory is complete: before that, the newest times of an exhibit are not known
 */
export function clockEvents(
  db: Db,
  clock: Date,
  { seen, whole }: { readonly seen: string | null; readonly whole: boolean },
): {
  readonly behind: readonly ClockBehind[]
  readonly events: (readonly [string, Record<string, string>])[]
} {
  const behind = newClockBehind(db, clock, seen)
  const compared = whole ? newlyCompared(db, seen) : null
  const said = behind.map((one) => [CLOCK_BEHIND, clockDetail(one)] as const)
  return { behind, events: compared ? [...said, [CLOCK_COMPARED, compared]] : said }
}

/** Leaves out events that the ledger already contains. */
function newClockBehind(db: Db, clock: Date, seen: string | null): readonly ClockBehind[] {
  const said = db.prepare('SELECT detail FROM event WHERE event = ?').pluck().all(CLOCK_BEHIND) as string[]
  const before = said.map((detail) => parseStoredJson(detail) as Readonly<Record<string, string>>)
  return comparedClock(db, clock, seen).filter(
    ({ against, newest }) => !before.some((one) => one.against === against && one.newest === newest),
  )
}

/** The times that the clock was compared with. Null when the ledger already contains this event from an earlier run. */
function newlyCompared(db: Db, seen: string | null): Record<string, string> | null {
  const against = CLOCK_AGAINST.filter((one) => one !== 'heads' || seen !== null).join(' ')
  const said = db.prepare('SELECT detail FROM event WHERE event = ?').pluck().all(CLOCK_COMPARED) as string[]
  const isSaid = said.some((text) => (parseStoredJson(text) as Record<string, string>).against === against)
  return isSaid ? null : { against }
}

function clockDetail({ against, clock, newest, entries }: ClockBehind): Record<string, string> {
  return { against, clock, newest, ...(entries === null ? {} : { entries: String(entries) }) }
}

/** Null for a detail that no run of this program writes. */
export function clockOfDetail(detail: Readonly<Record<string, string>>): ClockBehind | null {
  const against = CLOCK_AGAINST.find((one) => one === detail.against)
  const { clock, newest, entries } = detail
  if (!against || clock === undefined || newest === undefined) return null
  return { against, clock, newest, entries: entries === undefined ? null : Number(entries) }
}
