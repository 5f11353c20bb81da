/**
 * Country and nearest town of a position, without a network. Borders are those of Natural Earth at 1:50 million, also where
 * they are disputed, and may be off by some kilometres; towns are those of GeoNames with 15,000 inhabitants and more.
 * scripts/places.js makes the data.
 */
import { type Position, positionIn } from '../../base/position.ts'
import { type Attribute, attribute } from '../../contracts/attribute.ts'
import data from './places.json' with { type: 'json' }

export interface Place {
  /** As the dataset names it; null: at sea, or on an island that it does not have. */
  readonly country: string | null
  /** Off the coast of that country, as the dataset draws it: so many kilometres; null: inside its borders. */
  readonly coastKilometres: number | null
  readonly town: string
  /** ISO 3166-1, two letters: the country of the town, by GeoNames. */
  readonly townCountry: string
  /** Along a great circle, to whole kilometres. */
  readonly kilometres: number
}

export const PLACES_EDITION = data.edition

/** @param text value of an attribute `gps-position`; none where it is no position */
export function placeAttributes(text: string): Attribute[] {
  const position = positionIn(text)
  if (position === null) return []
  const { country, coastKilometres, ...near } = placeOf(position)
  return [
    attribute('gps-place', {
      ...(country !== null && { country }),
      ...(coastKilometres !== null && { coastKilometres }),
      ...near,
      edition: PLACES_EDITION,
    }),
  ]
}

export function placeOf(position: Position): Place {
  earth ??= decoded()
  const { countries, towns } = earth
  const at: Point = [position.longitude, position.latitude]
  const inside = countries.find(({ rings }) => isInside(at, rings))?.name ?? null
  const coast = inside === null ? nearestCoast(at, countries) : null
  let [nearest, least] = [towns[0]!, Number.POSITIVE_INFINITY]
  for (const town of towns) {
    const away = haversine(at, town.at)
    if (away < least) [nearest, least] = [town, away]
  }
  return {
    country: inside ?? coast?.country ?? null,
    coastKilometres: coast?.kilometres ?? null,
    town: nearest.name,
    townCountry: nearest.country,
    kilometres: Math.round(kilometresOf(least)),
  }
}

/** Coasts are drawn with few points, and harbours lie outside. @see UNCLOS, article 3: the territorial sea, 12 nautical miles */
const TERRITORIAL_SEA_KM = 22.2

function nearestCoast(
  at: Point,
  countries: Earth['countries'],
): { readonly country: string; readonly kilometres: number } | null {
  let [country, least] = ['', Number.POSITIVE_INFINITY]
  for (const { name, rings } of countries)
    for (const ring of rings)
      for (let i = 1; i < ring.length; i++) {
        const away = haversine(at, nearestOn(at, ring[i - 1]!, ring[i]!))
        if (away < least) [country, least] = [name, away]
      }
  const kilometres = kilometresOf(least)
  return kilometres <= TERRITORIAL_SEA_KM ? { country, kilometres: Math.ceil(kilometres) } : null
}

/** On a stretch of a border, in a plane: stretches are short. */
function nearestOn([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): Point {
  const narrower = Math.cos(y * RADIANS) ** 2
  const [dx, dy] = [bx - ax, by - ay]
  const length = dx * dx * narrower + dy * dy
  const along = length === 0 ? 0 : ((x - ax) * dx * narrower + (y - ay) * dy) / length
  const t = Math.max(0, Math.min(1, along))
  return [ax + t * dx, ay + t * dy]
}

function kilometresOf(squaredHalfChord: number): number {
  return EARTH_KM * 2 * Math.asin(Math.min(1, Math.sqrt(squaredHalfChord)))
}

/** Longitude and latitude. */
type Point = readonly [number, number]

interface Earth {
  readonly countries: readonly { readonly name: string; readonly rings: readonly (readonly Point[])[] }[]
  readonly towns: readonly { readonly name: string; readonly country: string; readonly at: Point }[]
}

/** Made of the data when the first position is asked. */
let earth: Earth | null = null
/** Mean radius (IUGG). */
const EARTH_KM = 6371.0088

function decoded(): Earth {
  const { units } = data
  const arcs = data.arcs.split(';').map((text) => {
    const steps = text.split(',').map(Number)
    const points: Point[] = []
    let [x, y] = [0, 0]
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i]!
      y += steps[i + 1]!
      points.push([x / units, y / units])
    }
    return points
  })
  // TopoJSON: an arc that is walked backwards is written as its complement.
  const arc = (i: number) => (i < 0 ? [...arcs[~i]!].reverse() : arcs[i]!)
  return {
    countries: data.countries.map(({ name, rings }) => ({
      name,
      rings: rings.split(';').map((ring) => ring.split(',').flatMap((one) => arc(Number(one)))),
    })),
    towns: data.towns.split(';').map((text) => {
      const [name, country, x, y] = text.split('|')
      return { name: name!, country: country!, at: [Number(x) / units, Number(y) / units] }
    }),
  }
}

/** By the parity of crossings: a hole is a ring, too. */
function isInside([x, y]: Point, rings: readonly (readonly Point[])[]): boolean {
  let inside = false
  for (const ring of rings)
    for (let i = 0, before = ring.length - 1; i < ring.length; before = i++) {
      const [ax, ay] = ring[i]!
      const [bx, by] = ring[before]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  return inside
}

const RADIANS = Math.PI / 180

function haversine([ax, ay]: Point, [bx, by]: Point): number {
  const across = Math.sin(((bx - ax) * RADIANS) / 2)
  const down = Math.sin(((by - ay) * RADIANS) / 2)
  return down * down + Math.cos(ay * RADIANS) * Math.cos(by * RADIANS) * across * across
}
