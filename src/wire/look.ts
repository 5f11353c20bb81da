/** Messages about one analysis: a picture or video, and its findings. */

/** `leads`: only when a score reaches its threshold. */
export type PreviewPolicy = 'never' | 'leads' | 'always'

export interface LookHeader {
  readonly mediaType: string
  /** SHA-256 that the pool checks for bytes and the analysis for a descriptor; null: too large to read once more. */
  readonly sha256: string | null
  readonly preview: PreviewPolicy
  readonly pixels: number
  readonly frames: number
  /** Models judge pictures from this shorter side on; absent: all. */
  readonly leastModelSide?: number
  readonly gps: boolean
  /** Also hash the picture turned and mirrored. */
  readonly orientations: boolean
  /** Also find the thumbnails inside. */
  readonly thumbnails: boolean
}

export const PREVIEW_CELLS = 16
