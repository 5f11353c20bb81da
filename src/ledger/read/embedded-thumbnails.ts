/** Which contents need no look of their own: thumbnails of pictures that were looked at and show the same. */
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

/** Rests on every picture having been looked at before: ask after those. */
export function isShownByPictures(db: Db, contentId: number): boolean {
  return db.prepare(OTHER_PLACE).get(contentId) === undefined
}
