/** What main process and child say to each other about one reveal: a picture small and grey, or a strip of frames of a video. */
import type { ReasonCode } from '../contracts/reason.ts'

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

/** Raw pixels follow: all frames one after the other, row-major, 1 byte each where grey, 3 where in colour. */
export type RevealReply =
  | {
      readonly shown: true
      readonly channels: 1 | 3
      readonly frames: readonly { readonly width: number; readonly height: number }[]
    }
  | { readonly shown: false; readonly reason: ReasonCode }

/** Of one side. */
export const MOST_SIDE = 1280
export const MOST_FRAMES = 9
