/** Positions that a content names (attribute `gps-position`), as pictures and as videos write them. */

/** In degrees, WGS 84; north and east are positive. */
export interface Position {
  readonly latitude: number
  readonly longitude: number
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
