/**
 * Whether an embedded thumbnail shows something else than its picture: editors that crop or paint over a picture often
 * leave the old thumbnail behind. A thumbnail that agrees needs no look of its own.
 */
import type { Attribute } from '../contracts.ts'
import type { LookParts } from './look-parts.ts'
import type { Picture } from './picture.ts'

/**
 * PDQ distances of the same scene at thumbnail size stay well below this; unrelated pictures are near 128 of 256 bits.
 * Of distances between nothing is said: such a thumbnail is looked at by itself.
 */
const DIFFERENT_BITS = 90
/** Plainer pictures have hashes of noise (PDQ's own rule). */
const COMPARABLE_QUALITY = 50

/** PDQ's own match threshold. */
const SAME_BITS = 31

/** What a comparison gives, as attributes of the picture: at most one. */
export function thumbnailAttributes(
  pdq: NonNullable<LookParts['pdq']>,
  picture: Picture,
  thumbnail: Picture,
): Attribute[] {
  const distance = distanceBits(pdq, picture, thumbnail)
  if (distance === null) return []
  const value = `${distance} of 256 bits of PDQ`
  if (distance > DIFFERENT_BITS) return [{ kind: 'attribute', name: 'embedded-thumbnail-differs', value }]
  return distance <= SAME_BITS ? [{ kind: 'attribute', name: 'embedded-thumbnail-agrees', value }] : []
}

/** @returns null when one of them is too plain or too small to compare */
function distanceBits(
  pdq: NonNullable<LookParts['pdq']>,
  picture: Picture,
  thumbnail: Picture,
): number | null {
  const whole = pdq(picture.data, picture.width, picture.height, picture.channels)
  if (whole.quality < COMPARABLE_QUALITY) return null
  const candidates = [thumbnail, withoutBars(thumbnail, picture.width / picture.height)]
  const distances = candidates.flatMap(({ data, width, height, channels }) => {
    const { hex, quality } = pdq(data, width, height, channels)
    return quality < COMPARABLE_QUALITY ? [] : [bitsApart(whole.hex, hex)]
  })
  return distances.length > 0 ? Math.min(...distances) : null
}

/** Cameras letterbox thumbnails to 4:3: the middle with the picture's own proportions. */
function withoutBars(thumbnail: Picture, proportions: number): Picture {
  const { width, height, channels, data } = thumbnail
  const keepWidth = Math.min(width, Math.round(height * proportions))
  const keepHeight = Math.min(height, Math.round(width / proportions))
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
