/** Messages about one view of a content: a small picture, or frames of a video. */

export interface RevealHeader {
  readonly mediaType: string
  /** Pixels of the picture's longest side, or of each frame's. */
  readonly longestSide: number
  readonly colour: boolean
  /** 0: not blurred; else the sigma in pixels of the result. */
  readonly blur: number
  /** 0: not drawn; else the window in pixels of an edge-preserving median, so that outlines stay and details go. */
  readonly drawn: number
  /** True: a small picture of a screen of tiles; a JPEG is then decoded at a fraction of its size. */
  readonly tile: boolean
  /** Pixels that may be decoded. */
  readonly pixels: number
  /** Frames of a video at most. */
  readonly frames: number
}

/** Of one side. */
export const MOST_SIDE = 1280
export const MOST_FRAMES = 27
