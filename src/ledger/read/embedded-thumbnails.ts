/** Contents that need no media analysis of their own: embedded thumbnails of analysed pictures that show the same. */
import type { Db } from '../format/database.ts'

/** Attribute of a picture whose embedded thumbnail agrees with it (confined/decoder/look/thumbnail.ts). */
const THUMBNAIL_AGREES = 'embedded-thumbnail-agrees'

const OTHER_PLACE = `
  SELECT 1 FROM reading JOIN entry ON entry.id = reading.entry
  WHERE reading.content = +? AND NOT (
    entry.parent_stage IS 'looked-at' AND EXISTS (
      SELECT 1 FROM attribute WHERE attribute.content = entry.parent AND attribute.code = '${THUMBNAIL_AGREES}'
    )
  )`

/** Requires that every picture was analysed before: call it for thumbnails after the pictures. */
export function isShownByPictures(db: Db, contentId: number): boolean {
  return db.prepare(OTHER_PLACE).get(contentId) === undefined
}
