/** What main process and child say to each other about one look: a picture or video, and what was found in it. */

import type { Attribute } from '../contracts/attribute.ts'
import type { Digests } from '../contracts/content.ts'
import type { Examination, PerceptualHash, Score } from '../contracts/finding.ts'
import type { ThumbnailType } from './thumbnail-entry.ts'

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

/** Of a still picture that was decoded without a warning, unturned. Sent as it is found, with each of the same in the findings. */
export interface LookQuestion {
  readonly hex: string
  /** 0 to 100. */
  readonly quality: number
  readonly width: number
  readonly height: number
  readonly orientation: number
}

export interface LookAnswer {
  /** No model needs to look, unless there is a face. */
  readonly isShared: boolean
}

/** Findings that a look may produce. Never a hit: those are facts that the main process establishes itself. */
export type LookFinding = Score | Attribute | PerceptualHash

export interface LookReply {
  readonly result: Examination['result']
  readonly findings: readonly LookFinding[]
  readonly preview: { readonly width: number; readonly height: number } | null
  /** Embedded in the picture: only what is needed to match them and to find them again. */
  readonly thumbnails: readonly {
    readonly name: string
    readonly mediaType: ThumbnailType
    readonly digests: Digests
    readonly sizeBytes: number
  }[]
}

export const PREVIEW_CELLS = 16
