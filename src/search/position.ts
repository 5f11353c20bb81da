/** Positions that a content names (attribute `gps-position`), and the boxes in which a query looks for them. */
import { UsageError } from '../base/errors.ts'
import { type Position, positionIn } from '../base/position.ts'
import type { Attribute } from '../contracts/attribute.ts'
import { fits } from './fits.ts'

/** A west that is greater than the east crosses the 180th meridian. */
export interface Box {
  readonly south: number
  readonly north: number
  readonly west: number
  readonly east: number
}

const BOX = /^(-?[\d.]+)\.\.(-?[\d.]+)\/(-?[\d.]+)\.\.(-?[\d.]+)$/

/** @returns null for `any`. @throws UsageError where the value is no box */
export function boxIn(value: string): Box | null {
  if (value.toLowerCase() === 'any') return null
  const [south, north, west, east] = (BOX.exec(value) ?? []).slice(1).map(Number)
  const isBox =
    isWithin(south, 90) && isWithin(north, 90) && isWithin(west, 180) && isWithin(east, 180) && south <= north
  if (!isBox)
    throw new UsageError(
      `gps: takes any, or south..north/west..east in degrees (54.5..55/25..25.5), not "${value}".`,
    )
  return { south, north, west, east }
}

function isWithin(degrees: number | undefined, most: number): degrees is number {
  return degrees !== undefined && Math.abs(degrees) <= most
}

function isInBox({ latitude, longitude }: Position, { south, north, west, east }: Box): boolean {
  if (latitude < south || latitude > north) return false
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east
}

/** @throws UsageError as {@link boxIn} */
export function isPositionIn(one: Attribute, value: string): boolean {
  const box = boxIn(value)
  const position = one.code === 'gps-position' ? positionIn(one.params.text) : null
  return position !== null && (box === null || isInBox(position, box))
}

/** Whether a position lies in this country, as the map data call it. */
export function isOfCountry(one: Attribute, value: string): boolean {
  return one.code === 'gps-place' && one.params.country !== undefined && fits(one.params.country, value)
}
