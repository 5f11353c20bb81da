/** Where the contents of a pass say that they were made, few enough for a map. */
import { type Position, positionIn } from '../base/position.ts'
import type { Facets } from './said-facets.ts'
import type { ReviewSession } from './session.ts'

type Positions = Facets['positions']

/** Points of a map: when there are more, points near each other are joined. */
const MOST_POINTS = 2000
/** Degrees, from a hundred metres to the last step, of which the earth has fewer than {@link MOST_POINTS}. */
const STEPS = [0.001, 0.01, 0.1, 1, 10]

const POSITIONS = `SELECT content, params ->> 'text' AS text FROM attribute WHERE code = 'gps-position'`

export function positionsOf(session: ReviewSession): Positions {
  const named: (Position & { readonly content: number })[] = []
  const rows = session.db.prepare<[], { content: number; text: string }>(POSITIONS).iterate()
  for (const { content, text } of rows) {
    const number = session.catalogue.numberOfId(content)
    const position = positionIn(text)
    if (number !== null && position !== null && session.isInPass(number)) named.push({ ...position, content })
  }
  let points: Positions = []
  for (const step of STEPS) {
    points = joined(named, step)
    if (points.length <= MOST_POINTS) break
  }
  return points
}

function joined(named: readonly (Position & { readonly content: number })[], step: number): Positions {
  const points = new Map<string, Position & { readonly contents: Set<number> }>()
  for (const { content, ...at } of named) {
    const [latitude, longitude] = [rounded(at.latitude, step), rounded(at.longitude, step)]
    const key = `${latitude} ${longitude}`
    const point = points.get(key) ?? { latitude, longitude, contents: new Set() }
    points.set(key, point)
    point.contents.add(content)
  }
  return [...points.values()]
    .map(({ contents, ...at }) => ({ ...at, count: contents.size }))
    .sort((a, b) => b.count - a.count || a.latitude - b.latitude || a.longitude - b.longitude)
}

function rounded(degrees: number, step: number): number {
  return Number((Math.round(degrees / step) * step).toFixed(3))
}
