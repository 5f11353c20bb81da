/**
 * The way from a picture to the thumbnail inside it, for handing its bytes out again. Pictures are no containers: their
 * thumbnails are found when they are looked at (look.ts).
 */
import { type Opener, wholeOf } from './containers/container.ts'
import { embeddedThumbnail } from './metadata.ts'
import { THUMBNAIL_NAME } from './thumbnail-entry.ts'

export function thumbnailOpener(mediaType: string): Omit<Opener, 'id' | 'mediaTypes'> | null {
  if (!mediaType.startsWith('image/')) return null
  return {
    inMemory: true,
    members: async function* (source, budget) {
      const thumbnail = await embeddedThumbnail(wholeOf(source), mediaType)
      if (thumbnail === null) return
      budget.entry()
      yield {
        kind: 'thumbnail',
        name: THUMBNAIL_NAME,
        entryKind: 'file',
        sizeBytes: BigInt(thumbnail.length),
        modified: null,
        linkTarget: null,
        read: async () => {
          budget.charge(thumbnail.length)
          return thumbnail
        },
      }
    },
  }
}
