/**
 * Lists the thumbnails inside a picture, so that their bytes can be read again. Pictures are not containers: the
 * media analysis finds their thumbnails (confined/decoder/look/look.ts).
 */

import { embeddedThumbnails } from '../media/thumbnails/embedded-thumbnails.ts'
import { type Extractor, wholeOf } from './common/container.ts'

export function thumbnailExtractor(mediaType: string): Omit<Extractor, 'id' | 'mediaTypes'> | null {
  if (!mediaType.startsWith('image/')) return null
  return {
    inMemory: true,
    members: async function* (source, budget) {
      const { found } = await embeddedThumbnails(wholeOf(source), mediaType)
      for (const { name, bytes } of found) {
        budget.entry()
        yield {
          kind: 'thumbnail',
          name: Buffer.from(name),
          entryKind: 'file',
          sizeBytes: BigInt(bytes.length),
          modified: null,
          linkTarget: null,
          read: async () => {
            budget.charge(bytes.length)
            return bytes
          },
        }
      }
    },
  }
}
