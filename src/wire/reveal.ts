/** Messages about one reveal: a small grey picture, or a strip of frames of a video. */

export interface RevealHeader {
  readonly mediaType: string
  /** Pixels of the picture's longest side, or of each frame's. */
  readonly longestSide: number
  readonly colour: boolean
  /** 0: not blurred; else the radius in pixels. */
  readonly blur: number
  /** Pixels that may be decoded. */
  readonly pixels: number
  /** Frames of a video at most. */
  readonly frames: number
}

/** Of one side. */
export const MOST_SIDE = 1280
export const MOST_FRAMES = 9
