/** How a thumbnail inside a picture is named as an entry: apart from metadata.ts, which parses hostile bytes. */

/** Last step of its evidence path, after `thumbnail:`. */
export const THUMBNAIL_NAME = Buffer.from('exif')

/** What metadata.ts finds, and nothing else. */
export const THUMBNAIL_TYPE = 'image/jpeg'
