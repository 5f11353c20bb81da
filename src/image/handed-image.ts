/** An image as a confined process opens it: by the descriptors that it was handed. */
import type { ContentPlace } from '../contracts/content-place.ts'
import type { Medium, OpenImage, VolumeRange } from '../contracts/image.ts'
import type { ExhibitImage, SegmentFile } from '../contracts/image-exhibit.ts'
import { openImage } from './container/index.ts'
import { contentOf } from './content/content.ts'
import { fileMedium } from './content/file-medium.ts'
import { partOf } from './content/ranges.ts'
import { volumesOf } from './volume/index.ts'

/**
 * @param firstFd where the descriptors of the segments begin
 * @throws ImageRefused
 */
export function openHandedImage(
  segments: readonly SegmentFile[],
  firstFd: number,
): { image: OpenImage; facts: ExhibitImage } {
  const image = openImage(
    segments.map(({ name, sizeBytes }, i) => ({ name, medium: fileMedium(firstFd + i, sizeBytes) })),
  )
  const { format, medium, stated, storedHashes, remarks } = image
  return { image, facts: { format, sizeBytes: medium.sizeBytes, segments, stated, storedHashes, remarks } }
}

/** The one volume of a logical image is all of it. */
export function rangesOf({ medium, logical }: OpenImage): readonly VolumeRange[] {
  if (logical === null) return volumesOf(medium)
  return [
    {
      offset: 0,
      length: medium.sizeBytes,
      kind: 'volume',
      number: 1,
      scheme: 'logical',
      type: '',
      name: logical.label,
      content: logical.kind,
    },
  ]
}

/** A content where it lies. Null: there is no such volume, or nothing of the content. */
export function contentIn(
  image: OpenImage,
  volume: number,
  place: ContentPlace,
  sizeBytes: number,
): Medium | null {
  const range = rangesOf(image).find(({ number }) => number === volume)
  return range && place.kind !== 'none' ? contentOf(partOf(image.medium, range), place, sizeBytes) : null
}
