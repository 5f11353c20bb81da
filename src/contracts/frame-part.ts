/**
 * Frame of a video that a perceptual hash belongs to: frame number and second, `120@4`. A single sample of a long video
 * has no second, `120`, because the seconds are hashed separately from these samples.
 */

export interface FramePart {
  readonly frame: number
  /** Null for single samples, and in ledgers of 0.2 and before, which contain one frame a second. */
  readonly second: number | null
}

export function framePart(frame: number, second: number | null): string {
  return second === null ? `${frame}` : `${frame}@${second}`
}

/** @returns null if the hash belongs to no frame: its part names an orientation */
export function parseFramePart(part: string): FramePart | null {
  const match = /^(\d+)(?:@(\d+))?$/.exec(part)
  return match && { frame: Number(match[1]), second: match[2] === undefined ? null : Number(match[2]) }
}
