/**
 * A content as bytes at random access, from where the listing says that it lies on its volume.
 *
 * Holes and what lies behind the valid length read as zeros. A listing that names fewer bytes than the content has is damage
 * of the content, said by `damageIn`, never a shorter content.
 */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Medium } from '../../../contracts/image.ts'
import { checkedContent } from './checked.ts'
import { chunkedContent } from './chunked.ts'
import { codedContent } from './coded.ts'
import { deflatedContent } from './deflated.ts'
import { runsContent } from './runs.ts'

export { runsContent }

export type ReadablePlace = Exclude<ContentPlace, { kind: 'none' }>

/**
 * @param volume    the bytes that runs count on
 * @param sizeBytes of the content; what the place holds beyond is not part of it
 */
export function contentOf(volume: Medium, place: ReadablePlace, sizeBytes: number): Medium {
  switch (place.kind) {
    case 'runs':
      return runsContent(volume, place.runs, Math.min(place.validBytes, sizeBytes), sizeBytes)
    case 'deflated':
      return archived(volume, place, sizeBytes)
    case 'chunked':
      return chunkedContent(volume, place, sizeBytes)
    case 'coded':
      return codedContent(volume, place, sizeBytes)
  }
}

/** A member of an archive; what is stored as it is has a checksum too. */
function archived(
  volume: Medium,
  { method, runs, crc32, validBytes }: Extract<ContentPlace, { kind: 'deflated' }>,
  sizeBytes: number,
): Medium {
  const storedBytes = runs.reduce((sum, { length }) => sum + length, 0)
  const stored = runsContent(volume, runs, storedBytes, storedBytes)
  return method === 'deflate'
    ? deflatedContent(stored, sizeBytes, crc32)
    : checkedContent(runsContent(volume, runs, validBytes, sizeBytes), crc32)
}
