/** Computed hashes of an image beside those that it stores, or that the operator stated. */

import type { Damage } from '../../contracts/image.ts'
import type { ImageHash, ImageVerification } from '../../contracts/image-exhibit.ts'

export interface Comparison {
  /** `agrees` null: nothing states this hash. */
  readonly hashes: readonly (ImageHash & { readonly agrees: boolean | null })[]
  readonly differs: boolean
  /** Damaged in the image, and not given by the device when it was taken: read as zeros. */
  readonly damagedBytes: number
  readonly unreadableBytes: number
  readonly damage: readonly Damage[]
}

export function compareHashes(
  stated: readonly ImageHash[],
  { hashes, damage }: ImageVerification,
): Comparison {
  const compared = hashes.map((one) => {
    const against = stated.filter(({ algorithm }) => algorithm === one.algorithm)
    return { ...one, agrees: against.length === 0 ? null : against.every(({ hex }) => hex === one.hex) }
  })
  return {
    hashes: compared,
    differs: compared.some(({ agrees }) => agrees === false),
    damagedBytes: bytesOf(damage, 'damaged'),
    unreadableBytes: bytesOf(damage, 'unreadable-at-acquisition'),
    damage,
  }
}

function bytesOf(damage: readonly Damage[], kind: Damage['kind']): number {
  return damage.reduce((sum, one) => sum + (one.kind === kind ? one.length : 0), 0)
}
