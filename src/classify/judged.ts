/**
 * Whether a picture has enough in it for a model to judge. Icons of a few pixels and pictures of one colour get scores too,
 * which are noise: a quarter of the false leads of a realistic disk were icons (docs/evidence/models.md).
 *
 * A picture that is not judged is hashed, compared and listed like every other, and counted by its reason.
 */
import type { Pixels } from '../contracts/content.ts'

export type NotJudged = 'too-small-for-models' | 'too-flat-for-models'

// As many points as the kind of picture is told by.
const POINTS = 160

/** Grey levels between the darkest and the lightest of the sampled points, in each channel; at most so few is flat. */
const FLAT_LEVELS = 8

/** @param leastSide pixels of the shorter side, of the plan; undefined: plans before this limit have every picture judged */
export function notJudged(pixels: Pixels, leastSide: number | undefined): NotJudged | null {
  if (leastSide === undefined) return null
  if (Math.min(pixels.width, pixels.height) < leastSide) return 'too-small-for-models'
  return isFlat(pixels) ? 'too-flat-for-models' : null
}

/** Whether all channels stay within a few levels, over points that are spread evenly. */
function isFlat({ width, height, rgb }: Pixels): boolean {
  const low = [255, 255, 255]
  const high = [0, 0, 0]
  for (let j = 0; j < POINTS; j++) {
    const y = Math.floor(((j + 0.5) * height) / POINTS)
    for (let i = 0; i < POINTS; i++) {
      const at = (y * width + Math.floor(((i + 0.5) * width) / POINTS)) * 3
      for (let c = 0; c < 3; c++) {
        const value = rgb[at + c]!
        if (value < low[c]!) low[c] = value
        if (value > high[c]!) high[c] = value
        if (high[c]! - low[c]! > FLAT_LEVELS) return false
      }
    }
  }
  return true
}
