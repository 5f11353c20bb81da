/**
 * The way from a picture to the thumbnail inside it, for handing its bytes out again. Pictures are no containers: their
 * thumbnails are found when they are looked at (look.ts).
 */
import type { Opener } from './containers/container.ts'
import { embeddedThumbnail } from './metadata.ts'
import { THUMBNAIL_NAME } from './thumbnail-entry.ts'

export function thumbnailOpener(mediaType: string): Pick<Opener, 'members'> | null {
  if (!mediaType.startsWith('image/')) return null
  return {
    members: async function* (bytes, budget) {
      const thumbnail = await embeddedThumbnail(bytes, mediaType)
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
