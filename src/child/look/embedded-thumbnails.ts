/** Every thumbnail that a picture carries: the small JPEG of its EXIF data, and the thumbnail items of a HEIF file. */

import { type EmbeddedThumbnails, EXIF_NAME } from '../../wire/thumbnail-entry.ts'
import { HEIF_TYPES } from '../heif/heif-pictures.ts'
import { heifThumbnails } from '../heif/heif-thumbnail.ts'
import { exifThumbnail } from './metadata.ts'

/** Never throws for bad evidence. In the order in which they become entries. */
export async function embeddedThumbnails(bytes: Buffer, mediaType: string): Promise<EmbeddedThumbnails> {
  const exif = await exifThumbnail(bytes, mediaType)
  const items = HEIF_TYPES.has(mediaType) ? heifThumbnails(bytes) : { found: [], notes: [] }
  const first = exif && ({ name: EXIF_NAME, mediaType: 'image/jpeg', bytes: exif, ofPicture: true } as const)
  return { found: [...(first ? [first] : []), ...items.found], notes: items.notes }
}
