/** An image as a confined process opens it: by the descriptors that it was handed. */
import type { OpenImage } from '../../contracts/image.ts'
import type { ExhibitImage } from '../../contracts/image-exhibit.ts'
import { openImage } from './container/index.ts'
import { fileMedium } from './content/file-medium.ts'

/** Where the descriptors of an image's segments begin in a process that was handed them: behind socket and heartbeats. */
export const FIRST_SEGMENT_FD = 5

export interface SegmentFile {
  /** Base name. */
  readonly name: string
  readonly sizeBytes: number
}

/** @throws ImageRefused */
export function openHandedImage(segments: readonly SegmentFile[]): { image: OpenImage; facts: ExhibitImage } {
  const image = openImage(
    segments.map(({ name, sizeBytes }, i) => ({ name, medium: fileMedium(FIRST_SEGMENT_FD + i, sizeBytes) })),
  )
  const { format, medium, stated, storedHashes, remarks } = image
  return { image, facts: { format, sizeBytes: medium.sizeBytes, segments, stated, storedHashes, remarks } }
}
