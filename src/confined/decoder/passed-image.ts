/** Random access to a content of an image through the passed descriptors of its segments. */
import type { ByteSource } from '../../formats/bytes/byte-source.ts'
import { openHandedImage } from '../../formats/image/handed-image.ts'
import { contentIn } from '../../formats/locked/opened-volumes.ts'
import type { PassedContent } from '../../wire/passed-content.ts'
import { PASSED_FD } from '../../wire/session.ts'

/** @throws ImageRefused if the image differs from the one at the listing */
export function sourceInImage(passed: Extract<PassedContent, { kind: 'image' }>): ByteSource {
  const { image } = openHandedImage(passed.segments, PASSED_FD)
  const content = contentIn(image, passed, passed.place, passed.sizeBytes)
  if (content === null) throw new RangeError('the content has no place')
  return {
    sizeBytes: content.sizeBytes,
    read(offset, length) {
      const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, content.sizeBytes - offset)))
      return buffer.subarray(0, content.readInto(buffer, offset))
    },
  }
}
