/**
 * A covered lower half of a face: a mask, a scarf, a cup. The age models were measured on bare faces, and take a third of
 * masked grown persons for minors.
 *
 * Told by colour alone: skin is redder than cloth, so a lower half that is less red than cheeks and forehead of the same face,
 * and less red than skin is, is covered. Grey pictures and masks of the colour of skin are not told. It is asked only about
 * faces that would be a lead of a still picture, and its score has no threshold of its own; score/covered-face.ts reads it.
 */
import type { Pixels } from '../contracts/content.ts'
import type { Face, PictureClassifier } from './classifier.ts'
import { type Eyes, type Point, readableFaces } from './face-crop.ts'
import { landmarksOf } from './faces.ts'
import { per10k } from './session.ts'
import { THRESHOLDS } from './thresholds.ts'

const BLAZEFACE = 'human-blazeface'

/** Most red (Cr, of 0–255) that a lower half may have on average to be something else than skin, whose red begins near 133. */
const RED_OF_SKIN = 140
/** Differences of red are given as shares of so many levels, beyond which nothing is told apart. */
const MOST_RED = 100

/** Points of a face in fifths of the distance of its eyes: right, and down, from the middle between them. */
const UPPER = [...grid([2], [-3, -2, 2, 3]), ...grid([-2, -1], [-2, -1, 0, 1, 2])]
const LOWER = grid([5, 6, 7], [-2, -1, 0, 1, 2])
/** Of these points so many must lie inside the picture. */
const LEAST = { upper: 5, lower: 8 } as const

export const COVERED_FACE: PictureClassifier = {
  id: 'covered-face',
  models: [BLAZEFACE],
  after: ['apparent-minor'],
  load(runners) {
    const blazeface = runners.get(BLAZEFACE)
    if (!blazeface) return null
    const { sha256 } = blazeface.card
    return {
      uses: [{ id: 'covered-face', sha256, thresholds: THRESHOLDS.coveredFace }],
      ready: async () => {},
      async look(pixels, { faces }, effort = 'still') {
        const young = readableFaces(faces).filter(isLead)
        if (effort !== 'still' || young.length === 0) return {}
        // One bare face that looks young is enough for the lead to stand.
        let least = MOST_RED
        for (const face of young) {
          const eyes = await landmarksOf(blazeface, pixels, face)
          least = Math.min(least, lessRed(pixels, eyes))
          if (least === 0) break
        }
        return {
          scores: [
            {
              kind: 'score',
              classifier: 'covered-face',
              modelSha256: sha256,
              label: 'covered-face',
              scorePer10k: per10k(least / MOST_RED),
              thresholdPer10k: null,
            },
          ],
        }
      },
    }
  },
}

function isLead({ apparentMinorPer10k }: Face): boolean {
  return (apparentMinorPer10k ?? 0) >= THRESHOLDS.apparentMinor.possible
}

/** How many levels the lower half is less red than the rest of the face; 0 where it may be skin, or too little of it is seen. */
export function lessRed(pixels: Pixels, { left, right }: Eyes): number {
  const [x, y] = [(left[0] - right[0]) / 5, (left[1] - right[1]) / 5]
  const middle: Point = [(left[0] + right[0]) / 2, (left[1] + right[1]) / 2]
  // Each point is a square of nine: one pixel may be a hair or a seam.
  const reds = (points: readonly Point[]) =>
    points.flatMap(([across, down]) => {
      const around = grid([-0.3, 0, 0.3], [-0.3, 0, 0.3]).flatMap(([a, d]) => {
        const at = [across + a, down + d] as const
        return redAt(pixels, middle[0] + at[0] * x - at[1] * y, middle[1] + at[0] * y + at[1] * x)
      })
      return around.length === 0 ? [] : [mean(around)]
    })
  const [upper, lower] = [reds(UPPER), reds(LOWER)]
  if (upper.length < LEAST.upper || lower.length < LEAST.lower) return 0
  return mean(lower) > RED_OF_SKIN ? 0 : Math.max(0, mean(upper) - mean(lower))
}

/** Cr of ITU-R BT.601, full range; nothing outside of the picture. */
function redAt({ width, height, rgb }: Pixels, x: number, y: number): number[] {
  const [column, row] = [Math.round(x), Math.round(y)]
  if (column < 0 || row < 0 || column >= width || row >= height) return []
  const at = (row * width + column) * 3
  return [128 + 0.5 * rgb[at]! - 0.418688 * rgb[at + 1]! - 0.081312 * rgb[at + 2]!]
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function grid(down: readonly number[], across: readonly number[]): Point[] {
  return down.flatMap((d) => across.map((a): Point => [a, d]))
}
