/** What the compressions of file systems have in common: a content in units of one size, each decoded on its own. */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Damage } from '../../../contracts/image.ts'

export type CodedPlace = Extract<ContentPlace, { kind: 'coded' }>

/** Decodes `stored` into `target`. @returns bytes that were decoded; fewer than the target holds where `stored` is damaged or ends */
export type Decode = (stored: Buffer, target: Buffer) => number

/** Fills `target` with a unit. @returns codes of what is wrong with it, where in it that begins */
export type ReadUnit = (
  index: number,
  target: Buffer,
) => { readonly from: number; readonly cause: string } | null

export interface StoredUnits {
  readonly read: ReadUnit
  /** Damage of the bytes that a unit is stored in. */
  damageIn(index: number): readonly Damage[]
}
