/** What main process and child say to each other about one reveal: a picture small and grey, or a strip of frames of a video. */

export interface RevealHeader {
  readonly mediaType: string
  /** Of the picture, or of each frame. */
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
