/**
 * Whether an embedded thumbnail shows something else than its picture: editors that crop or paint over a picture often
 * leave the old thumbnail behind.
 */
import type { LookParts } from './look-parts.ts'
import type { Picture } from './picture.ts'

/**
 * PDQ distances of the same scene at thumbnail size stay well below this; unrelated pictures are near 128 of 256 bits.
 * Distances between are not reported.
 */
const DIFFERENT_BITS = 90
/** Plainer pictures have hashes of noise (PDQ's own rule). */
const COMPARABLE_QUALITY = 50

export interface ThumbnailDifference {
  readonly distanceBits: number
}

/** @returns null when they agree, or when one of them is too plain or too small to compare */
export function thumbnailDifference(
  pdq: NonNullable<LookParts['pdq']>,
  picture: Picture,
  thumbnail: Picture,
): ThumbnailDifference | null {
  const whole = pdq(picture.data, picture.width, picture.height, picture.channels)
  if (whole.quality < COMPARABLE_QUALITY) return null
  const candidates = [thumbnail, withoutBars(thumbnail, picture.width / picture.height)]
  const distances = candidates.flatMap(({ data, width, height, channels }) => {
    const { hex, quality } = pdq(data, width, height, channels)
    return quality < COMPARABLE_QUALITY ? [] : [bitsApart(whole.hex, hex)]
  })
  const distanceBits = Math.min(...distances)
  return distances.length > 0 && distanceBits > DIFFERENT_BITS ? { distanceBits } : null
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
