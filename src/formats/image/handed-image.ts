/** Opens an image in a confined process, by the inherited descriptors. */
import type { ByteRange, FileSystem, Medium, OpenImage, VolumeRange } from '../../contracts/image.ts'
import type { ExhibitImage, SegmentFile } from '../../contracts/image-exhibit.ts'
import { openImage } from './container/index.ts'
import { fileMedium } from './content/file-medium.ts'
import { volumeFinder, volumesOf } from './volume/index.ts'

/**
 * @param firstFd first descriptor of the segments
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

/** A logical image is one volume. */
export function rangesOf({ medium, logical }: OpenImage): readonly VolumeRange[] {
  return logical === null ? volumesOf(medium) : [logicalVolume(medium, logical)]
}

/** Its volumes by their numbers; 0 is the medium itself. */
export function finderOf({ medium, logical }: OpenImage): (number: number) => ByteRange | undefined {
  const whole = { offset: 0, length: medium.sizeBytes }
  const find =
    logical === null ? volumeFinder(medium) : (number: number) => (number === 1 ? whole : undefined)
  return (number) => (number === 0 ? whole : find(number))
}

function logicalVolume(medium: Medium, { label, kind }: FileSystem): VolumeRange {
  const whole = { offset: 0, length: medium.sizeBytes, number: 1 }
  return { ...whole, kind: 'volume', scheme: 'logical', type: '', name: label, content: kind }
}
