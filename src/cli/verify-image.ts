/** Computed hashes of an image beside those that it stores, or that the operator stated. */
import type { ImageHash } from '../contracts/image-exhibit.ts'
import type { Verified } from '../source/image/listing/list-protocol.ts'

export interface Comparison {
  /** `agrees` null: nothing states this hash. */
  readonly hashes: readonly (ImageHash & { readonly agrees: boolean | null })[]
  readonly differs: boolean
  readonly damagedBytes: number
  readonly unreadableBytes: number
}

export function compareHashes(
  stated: readonly ImageHash[],
  { hashes, damagedBytes, unreadableBytes }: Verified,
): Comparison {
  const compared = hashes.map((one) => {
    const against = stated.filter(({ algorithm }) => algorithm === one.algorithm)
    return { ...one, agrees: against.length === 0 ? null : against.every(({ hex }) => hex === one.hex) }
  })
  return {
    hashes: compared,
    differs: compared.some(({ agrees }) => agrees === false),
    damagedBytes,
    unreadableBytes,
  }
}
