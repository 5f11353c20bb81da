/** What the child that decodes a reveal is asked for: small, and of a video a strip of frames. */
import { UsageError } from '../base/errors.ts'
import type { RevealHeader } from '../wire/reveal.ts'

const LONGEST_SIDE = 768
const FRAME_SIDE = 320
/** Of a video. */
export const FRAMES = 9
const BLURS = [0, 4, 12] as const

/** @param pixels that may be decoded. @throws UsageError for a blur that there is not */
export function revealHeader(
  mediaType: string,
  { colour, blur }: { readonly colour: boolean; readonly blur: number },
  pixels: number,
): RevealHeader {
  const radius = BLURS[blur]
  if (radius === undefined) throw new UsageError('There is no such blur.')
  const longestSide = isVideo(mediaType) ? FRAME_SIDE : LONGEST_SIDE
  return { mediaType, longestSide, colour, blur: radius, pixels, frames: FRAMES }
}

export function isVideo(mediaType: string): boolean {
  return mediaType.startsWith('video/')
}
