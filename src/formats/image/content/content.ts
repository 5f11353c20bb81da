/**
 * A content as bytes at random access, from the place on its volume that the listing gives.
 *
 * Holes and bytes behind the valid length read as zeros. Where the place has fewer bytes than the content, the missing
 * bytes are damage (`damageIn`), never a shorter content.
 */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Medium } from '../../../contracts/image.ts'
import { checkedContent } from './checked.ts'
import { chunkedContent } from './chunked.ts'
import { codedContent } from './coded.ts'
import { deflatedContent } from './deflated.ts'
import { extentsContent } from './extents.ts'
import { runsContent } from './runs.ts'
import { sealedContent } from './sealed.ts'

export { runsContent }

export type ReadablePlace = Exclude<ContentPlace, { kind: 'none' }>

/**
 * @param volume bytes that the runs refer to
 * @param sizeBytes size of the content; further bytes of the place are not part of it
 * @throws ContentSealed when the content is encrypted and its key is not in hand
 */
export function contentOf(volume: Medium, place: ReadablePlace, sizeBytes: number): Medium {
  if (place.sealed === undefined) return storedContent(volume, place, sizeBytes)
  const stored = storedContent(volume, place, place.sealed.storedBytes)
  return sealedContent(volume, stored, place.sealed, sizeBytes)
}

function storedContent(volume: Medium, place: ReadablePlace, sizeBytes: number): Medium {
  switch (place.kind) {
    case 'runs':
      return runsContent(volume, place.runs, Math.min(place.validBytes, sizeBytes), sizeBytes)
    case 'deflated':
      return archived(volume, place, sizeBytes)
    case 'chunked':
      return chunkedContent(volume, place, sizeBytes)
    case 'coded':
      return codedContent(volume, place, sizeBytes)
    case 'extents':
      return extentsContent(volume, place, sizeBytes)
  }
}

/** A member of an archive; uncompressed members have a checksum too. */
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
