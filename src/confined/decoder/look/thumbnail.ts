/**
 * Checks whether the thumbnails in a picture show something other than the picture. Editors that crop or paint over a
 * picture often leave the old thumbnail. Thumbnails that all agree need no analysis of their own.
 */
import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import { HEIF_TYPES } from '../../../formats/media/heif/heif-pictures.ts'
import { decodePicture } from '../../../formats/media/picture/decode.ts'
import type { Picture } from '../../../formats/media/pixels/picture.ts'
import { type Embedded, type EmbeddedThumbnails, EXIF_NAME } from '../../../wire/thumbnail-entry.ts'
import type { LookParts } from './look-parts.ts'

/**
 * PDQ distances of the same scene at thumbnail size stay well below this; unrelated pictures are near 128 of 256 bits.
 * A distance between the two thresholds proves nothing: such a thumbnail is analysed by itself.
 */
const DIFFERENT_BITS = 90
/** Hashes of plainer pictures are mostly noise (PDQ's own rule). */
const COMPARABLE_QUALITY = 50

/** PDQ's own match threshold. */
const SAME_BITS = 31

/** Larger ones are no thumbnails; cameras' previews of 1620 × 1080 still pass. */
const THUMBNAIL_PIXELS = 4_000_000

/** The picture with the thumbnails, and its PDQ hash; null if no hash was computed. */
export interface Outer {
  readonly picture: Picture
  readonly mediaType: string
  readonly hash: { readonly hex: string; readonly quality: number } | null
}

/** Attributes of the picture. Each thumbnail is analysed as an entry of its own, so nothing is scored here. */
export async function thumbnailAttributes(
  parts: LookParts,
  outer: Outer,
  { found, notes }: EmbeddedThumbnails,
): Promise<Attribute[]> {
  const said = [...notes]
  let farthest: number | null = 0
  for (const thumbnail of found) {
    const decoded = await decodePicture(thumbnail.bytes, thumbnail.mediaType, { pixels: THUMBNAIL_PIXELS })
    if (decoded.ok) {
      const { width, height } = decoded.picture
      said.push(attribute('embedded-thumbnail', { width, height }))
    } else said.push(attribute('embedded-thumbnail-unread', { reason: decoded.reason }))
    const distance =
      decoded.ok && thumbnail.ofPicture ? distanceBits(parts, outer, decoded.picture, thumbnail) : null
    if (distance !== null && distance > DIFFERENT_BITS)
      said.push(attribute('embedded-thumbnail-differs', { bits: distance }))
    farthest = distance === null || farthest === null ? null : Math.max(farthest, distance)
  }
  if (found.length === 0 || farthest === null || farthest > SAME_BITS) return said
  return [...said, attribute('embedded-thumbnail-agrees', { bits: farthest })]
}

/** @returns null if the picture or the thumbnail is too plain or too small to compare */
function distanceBits(
  { pdq, pdqOrientations }: LookParts,
  { picture, mediaType, hash }: Outer,
  thumbnail: Picture,
  { name }: Embedded,
): number | null {
  if (!pdq || !hash || hash.quality < COMPARABLE_QUALITY) return null
  // A HEIF picture is decoded in display orientation; its EXIF thumbnail has the orientation of the sensor.
  const anyTurn = name === EXIF_NAME && HEIF_TYPES.has(mediaType)
  const middle = withoutBars(thumbnail, picture.width / picture.height)
  const candidates = middle === null ? [thumbnail] : [thumbnail, middle]
  const distances = candidates.flatMap(({ data, width, height, channels }) => {
    const { hex, quality } = pdq(data, width, height, channels)
    if (quality < COMPARABLE_QUALITY) return []
    const turned = anyTurn ? (pdqOrientations?.(data, width, height, channels) ?? {}) : {}
    return [hex, ...Object.values(turned)].map((other) => bitsApart(hash.hex, other))
  })
  return distances.length > 0 ? Math.min(...distances) : null
}

/** Cameras letterbox thumbnails to 4:3: the middle with the picture's own proportions; null where that is all of it. */
function withoutBars(thumbnail: Picture, proportions: number): Picture | null {
  const { width, height, channels, data } = thumbnail
  const keepWidth = Math.min(width, Math.round(height * proportions))
  const keepHeight = Math.min(height, Math.round(width / proportions))
  if (keepWidth === width && keepHeight === height) return null
  const left = Math.floor((width - keepWidth) / 2)
  const top = Math.floor((height - keepHeight) / 2)
  const out = new Uint8Array(keepWidth * keepHeight * channels)
  for (let y = 0; y < keepHeight; y++) {
    const from = ((top + y) * width + left) * channels
    out.set(data.subarray(from, from + keepWidth * channels), y * keepWidth * channels)
  }
  return { ...thumbnail, width: keepWidth, height: keepHeight, data: out }
}

function bitsApart(a: string, b: string): number {
  const [x, y] = [Buffer.from(a, 'hex'), Buffer.from(b, 'hex')]
  let bits = 0
  for (let i = 0; i < x.length; i++) {
    for (let rest = (x[i] as number) ^ (y[i] as number); rest !== 0; rest &= rest - 1) bits++
  }
  return bits
}
