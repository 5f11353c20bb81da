/**
 * Treatments of a trial of sight, each at three strengths and three sizes, beside the same picture in clear grey. A person sees each
 * picture once; over as many persons as there are conditions, each picture is seen once under each of them.
 */
export interface Condition {
  readonly treatment: 'clear' | 'blur' | 'drawn'
  /** Sigma of the blur, or window of the median, of a picture of 224 pixels; 0: clear. */
  readonly strength: number
  /** Pixels of the longest side. */
  readonly side: number
}

const SIDES = [160, 224, 256]
/** Between them stand those that the review uses (docs/reference/review.md, "How strong"). */
const STRENGTHS = { clear: [0], blur: [3, 4, 6], drawn: [5, 7, 11] } as const
const STATED_SIDE = 224

export const CONDITIONS: readonly Condition[] = (['clear', 'blur', 'drawn'] as const).flatMap((treatment) =>
  STRENGTHS[treatment].flatMap((strength) => SIDES.map((side) => ({ treatment, strength, side }))),
)

/** @param item from 0, in the order of the labels @param person number that the laboratory gave */
export function conditionOf(item: number, person: number): Condition {
  return CONDITIONS[(item + person) % CONDITIONS.length]!
}

/** What a child is asked for, as a tile of the review is (src/review/tile-pixels.ts). */
export function madeAs({ treatment, strength, side }: Condition) {
  const scaled = (strength * side) / STATED_SIDE
  return {
    longestSide: side,
    colour: false,
    blur: treatment === 'blur' ? scaled : 0,
    drawn: treatment === 'drawn' ? Math.max(3, Math.round(scaled / 2) * 2 + 1) : 0,
    tile: true,
    frames: 1,
  }
}
