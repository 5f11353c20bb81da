/** What main process and child say to each other about one look: a picture or video, and what was found in it. */

/** `leads`: only when a score reaches its threshold. */
export type PreviewPolicy = 'never' | 'leads' | 'always'

export interface LookHeader {
  readonly mediaType: string
  /** Checked by the pool for bytes, by the look for a descriptor; null: too large to be read through once more. */
  readonly sha256: string | null
  readonly preview: PreviewPolicy
  readonly pixels: number
  readonly frames: number
  readonly gps: boolean
  /** Also hash the picture turned and mirrored. */
  readonly orientations: boolean
  /** Also find the thumbnails inside. */
  readonly thumbnails: boolean
  /** Before models look at a picture, ask ({@link LookQuestion}) whether the look of another one stands for it. */
  readonly asks: boolean
}

export interface LookAnswer {
  /** No model needs to look, unless there is a face. */
  readonly isShared: boolean
}

export const PREVIEW_CELLS = 16
