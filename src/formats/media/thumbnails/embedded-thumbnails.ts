/**
 * Extracts every thumbnail of a picture: the small JPEG of its EXIF data, those in other segments of a JPEG, and the
 * thumbnail items of a HEIF file.
 */

import { attribute } from '../../../contracts/attribute.ts'
import { type EmbeddedThumbnails, EXIF_NAME, segmentName } from '../../../wire/thumbnail-entry.ts'
import { HEIF_TYPES } from '../heif/heif-pictures.ts'
import { heifThumbnails } from '../heif/heif-thumbnail.ts'
import { exifThumbnail } from '../metadata/metadata.ts'
import { segmentThumbnails } from './segment-thumbnails.ts'

/** Limit for thumbnails in segments; cameras write one or two. */
const MOST = 8

/** Never throws for bad evidence. The order is the order of the entries. */
export async function embeddedThumbnails(bytes: Buffer, mediaType: string): Promise<EmbeddedThumbnails> {
  const exif = await exifThumbnail(bytes, mediaType)
  const items = HEIF_TYPES.has(mediaType) ? heifThumbnails(bytes) : { found: [], notes: [] }
  const others = mediaType === 'image/jpeg' ? segmentThumbnails(bytes, exif) : []
  const left = Math.max(0, others.length - MOST)
  const small = [
    ...(exif ? [{ name: EXIF_NAME, bytes: exif }] : []),
    ...others.slice(0, MOST).map((one, i) => ({ name: segmentName(i + 1), bytes: one })),
  ].map((each) => ({ ...each, mediaType: 'image/jpeg', ofPicture: true }) as const)
  const notes = left > 0 ? [attribute('embedded-thumbnails-left-out', { thumbnails: left })] : []
  return { found: [...small, ...items.found], notes: [...notes, ...items.notes] }
}
