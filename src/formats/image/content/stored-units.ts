/** Shared by the compressions of file systems: a content in units of one size, each decoded by itself. */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Damage } from '../../../contracts/image.ts'

export type CodedPlace = Extract<ContentPlace, { kind: 'coded' }>

/**
 * Decodes `stored` into `target`. @returns number of decoded bytes; fewer than the target has where `stored` is damaged
 * or too short
 */
export type Decode = (stored: Buffer, target: Buffer) => number

/** Fills `target` with a unit. @returns code of its damage and the offset where that begins; null: sound */
export type ReadUnit = (
  index: number,
  target: Buffer,
) => { readonly from: number; readonly cause: string } | null

export interface StoredUnits {
  readonly read: ReadUnit
  /** Damage of the bytes that a unit is stored in. */
  damageIn(index: number): readonly Damage[]
}
