/** A content that a child reads in place through passed descriptors, because it is too large for memory. */
import type { ContentPlace } from '../contracts/content-place.ts'
import type { SegmentFile } from '../contracts/image-exhibit.ts'
import type { UnlockedVolume } from '../contracts/lock.ts'

export type PassedContent =
  /** The one descriptor is the file. */
  | { readonly kind: 'file' }
  /** The descriptors are the segments of an image; the content is on one of its volumes. */
  | {
      readonly kind: 'image'
      readonly segments: readonly SegmentFile[]
      readonly volume: number
      readonly place: ContentPlace
      readonly sizeBytes: number
      /** Of this volume, where a key opened it. */
      readonly unlocked?: readonly UnlockedVolume[]
    }

export interface Lent {
  readonly descriptors: readonly number[]
  readonly content: PassedContent
}

export function isLent(source: object): source is Lent {
  return 'descriptors' in source
}
