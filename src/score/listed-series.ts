/**
 * Unlisted contents of a series of which a list holds one. Who made a listed picture made others on the same occasion, and
 * no list knows them yet.
 */
import { type Attribute, attribute } from '../contracts/attribute.ts'

/** `copy`: within PDQ's threshold of a listed one. */
export type SeriesSign = 'folder' | 'camera' | 'time' | 'place' | 'copy'

export interface SeriesFit {
  /** Shared with one listed content, the one that shares most. */
  readonly signs: readonly SeriesSign[]
  /** Listed contents of the same folder or camera. */
  readonly listed: number
}

/** Never stored: made of all contents of a ledger together, whenever it is read. */
export function listedSeries(fit: SeriesFit | null): Attribute | null {
  if (fit === null) return null
  const { signs, listed } = fit
  const has = (sign: SeriesSign) => signs.includes(sign)
  const params = {
    folder: has('folder'),
    camera: has('camera'),
    time: has('time'),
    place: has('place'),
    copy: has('copy'),
  }
  return attribute('of-listed-series', { ...params, listed })
}
