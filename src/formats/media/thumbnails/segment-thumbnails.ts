/**
 * Extracts small pictures from JPEG segments, besides the EXIF thumbnail: previews in maker notes, the thumbnail of
 * Photoshop (resource 1036), JFIF extensions. When an editor does not update such a picture, it still shows the
 * original.
 * @see ITU-T T.81, B.2.4.6; Adobe, "Photoshop File Formats": thumbnail resource; ITU-T T.871, annex C
 */
import { jpegEnd } from '../../signatures/embedded/ends.ts'
import { walkedIn } from '../../signatures/embedded/walk.ts'

const SOI = Buffer.from([0xff, 0xd8, 0xff])
const SCAN = 0xda
/** Maximum of start markers to try; a larger number is hostile. */
const MOST_TRIES = 256

/** @param known the EXIF thumbnail, which is reported separately */
export function segmentThumbnails(jpeg: Buffer, known: Buffer | null): Buffer[] {
  const found: Buffer[] = []
  let tries = 0
  for (const segment of applicationSegments(jpeg))
    for (const picture of beginningsIn(segment)) {
      if (++tries > MOST_TRIES) return found
      if (picture !== null && !isKnown(picture, [...(known ? [known] : []), ...found])) found.push(picture)
    }
  return found
}

function* applicationSegments(jpeg: Buffer): Generator<Buffer> {
  for (let at = 2; at + 4 <= jpeg.length && jpeg[at] === 0xff && jpeg[at + 1] !== SCAN; ) {
    const end = at + 2 + jpeg.readUInt16BE(at + 2)
    if ((jpeg[at + 1]! & 0xf0) === 0xe0) yield jpeg.subarray(at + 4, end)
    at = end
  }
}

/** Null: the picture does not end inside the segment. */
function* beginningsIn(segment: Buffer): Generator<Buffer | null> {
  for (let at = segment.indexOf(SOI); at !== -1; ) {
    const end = walkedIn(jpegEnd(at), segment)
    const isWhole = !end.isBroken && end.at <= segment.length
    yield isWhole ? segment.subarray(at, end.at) : null
    at = segment.indexOf(SOI, isWhole ? end.at : at + SOI.length)
  }
}

function isKnown(picture: Buffer, known: readonly Buffer[]): boolean {
  return known.some((one) => one.subarray(0, picture.length).equals(picture))
}
