/** Random access to a content through passed descriptors. */

import { type ByteSource, sourceOfDescriptor } from '../../formats/bytes/byte-source.ts'
import { openHandedImage } from '../../formats/image/handed-image.ts'
import { contentIn } from '../../formats/locked/opened-volumes.ts'
import type { PassedContent } from '../../wire/passed-content.ts'
import { PASSED_FD } from '../../wire/session.ts'

/** @throws ImageRefused if the image differs from the one at the listing */
export function sourceOfPassed(lent: PassedContent): ByteSource {
  if (lent.kind === 'file') return sourceOfDescriptor(PASSED_FD)
  const { image } = openHandedImage(lent.segments, PASSED_FD)
  const content = contentIn(image, lent, lent.place, lent.sizeBytes)
  if (content === null) throw new RangeError('the content has no place')
  return {
    sizeBytes: content.sizeBytes,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, content.sizeBytes - offset)))
      return buffer.subarray(0, content.readInto(buffer, offset))
    },
  }
}
