/** Positions that a content names (attribute `gps-position`), and the boxes in which a query looks for them. */
import { UsageError } from '../base/errors.ts'

/** In degrees, WGS 84; north and east are positive. */
export interface Position {
  readonly latitude: number
  readonly longitude: number
}

/** A west that is greater than the east crosses the 180th meridian. */
export interface Box {
  readonly south: number
  readonly north: number
  readonly west: number
  readonly east: number
}

const DECIMAL = /^(-?\d{1,3}(?:\.\d+)?), (-?\d{1,3}(?:\.\d+)?)$/
/** ISO 6709, annex H, as videos have it; only the form in degrees is known: `+54.5000+025.2500+010.000/`. */
const ISO_6709 = /^([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]|\/|CRS|$)/

/** @returns null where the text is no position on the earth */
export function positionIn(text: string): Position | null {
  const [, first, second] = DECIMAL.exec(text) ?? ISO_6709.exec(text) ?? []
  if (first === undefined || second === undefined) return null
  const [latitude, longitude] = [Number(first), Number(second)]
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null
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

/** @param text value of an attribute `gps-position`. @throws UsageError as {@link boxIn} */
export function isPositionIn(text: string, value: string): boolean {
  const box = boxIn(value)
  const position = positionIn(text)
  return position !== null && (box === null || isInBox(position, box))
}
