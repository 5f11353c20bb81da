/** The request to the child that decodes a reveal: a small picture, or for a video a strip of frames. */
import { UsageError } from '../base/errors.ts'
import type { RevealHeader } from '../wire/reveal.ts'

const LONGEST_SIDE = 768
const FRAME_SIDE = 320
/** Number of frames of a video. */
export const FRAMES = 9
const BLURS = [0, 4, 12] as const

/** @param pixels maximum number of decoded pixels @throws UsageError for an unknown blur */
export function revealHeader(
  mediaType: string,
  { colour, blur }: { readonly colour: boolean; readonly blur: number },
  pixels: number,
): RevealHeader {
  const radius = BLURS[blur]
  if (radius === undefined) throw new UsageError('There is no such blur.')
  const longestSide = isVideo(mediaType) ? FRAME_SIDE : LONGEST_SIDE
  return { mediaType, longestSide, colour, blur: radius, drawn: 0, tile: false, pixels, frames: FRAMES }
}

export function isVideo(mediaType: string): boolean {
  return mediaType.startsWith('video/')
}
