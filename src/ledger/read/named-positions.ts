/** Where contents of a ledger say that they were made, and the countries of these positions as the scan recorded them. */
import { positionIn } from '../../base/position.ts'
import type { CountryCount, PositionCount, Positions } from '../../contracts/view.ts'
import type { Db } from '../format/database.ts'

const POSITIONS = `SELECT params ->> 'text', count(DISTINCT content) FROM attribute
  WHERE stage = 'looked-at' AND code = 'gps-position' GROUP BY 1`

const COUNTRIES = `SELECT params ->> 'country', params ->> 'edition', count(DISTINCT content) FROM attribute
  WHERE stage = 'looked-at' AND code = 'gps-place' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`

/** Degrees between two points of a map of the world that can be told apart. */
const STEP = 0.5
const MOST_POINTS = 2000
const MOST_COUNTRIES = 100

export function namedPositions(db: Db): Positions {
  const points = new Map<string, PositionCount>()
  let contents = 0
  for (const [text, count] of db.prepare<[], [string, number]>(POSITIONS).raw().iterate()) {
    const position = positionIn(text)
    if (position === null) continue
    contents += count
    const latitude = Math.round(position.latitude / STEP) * STEP
    const longitude = Math.round(position.longitude / STEP) * STEP
    const key = `${latitude} ${longitude}`
    points.set(key, { latitude, longitude, contents: (points.get(key)?.contents ?? 0) + count })
  }
  const countries = db
    .prepare<[number], [string | null, string, number]>(`${COUNTRIES} LIMIT ?`)
    .raw()
    .all(MOST_COUNTRIES)
    .map(([country, edition, of]): CountryCount => ({ country, edition, contents: of }))
  return { contents, points: [...points.values()].sort(mostFirst).slice(0, MOST_POINTS), countries }
}

function mostFirst(a: PositionCount, b: PositionCount): number {
  return b.contents - a.contents || a.latitude - b.latitude || a.longitude - b.longitude
}
