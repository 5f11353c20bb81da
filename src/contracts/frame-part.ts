/**
 * Which frame of a video a perceptual hash is of: its number, and the second that it is counted in, `120@4`. A single sample of a long
 * video counts in none, `120`: seconds are hashed apart from them.
 */

export interface FramePart {
  readonly frame: number
  /** Null of single samples, and in ledgers of 0.2 and before, which hold one frame a second. */
  readonly second: number | null
}

export function framePart(frame: number, second: number | null): string {
  return second === null ? `${frame}` : `${frame}@${second}`
}

/** @returns null when the hash is of no frame: its part names an orientation */
export function parseFramePart(part: string): FramePart | null {
  const match = /^(\d+)(?:@(\d+))?$/.exec(part)
  return match && { frame: Number(match[1]), second: match[2] === undefined ? null : Number(match[2]) }
}
