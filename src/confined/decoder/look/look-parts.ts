/** Functions that the media analysis needs from other modules; confined/decoder/look-op.ts connects them. */
import type { X509Certificate } from 'node:crypto'
import type { HasherOf, HasherPicture } from '../../../classify/hasher-module.ts'
import { type NotJudged, notJudged } from '../../../classify/judged.ts'
import type { Attribute } from '../../../contracts/attribute.ts'
import type { Pixels } from '../../../contracts/content.ts'
import type { Score } from '../../../contracts/finding.ts'
import type { PlaneHash } from '../../../formats/media/ffmpeg/frame-hashes.ts'

export type { HasherPicture }

export interface LookParts {
  /** PDQ of full-resolution, un-rotated pixels (flavour `full`). */
  readonly pdq:
    | ((rgb: Uint8Array, width: number, height: number, channels: 3 | 4) => { hex: string; quality: number })
    | null
  /** The same of a frame's brightness (flavour `luma`): within a few bits, at a fifth of the time. */
  readonly pdqOfPlane?: PlaneHash
  /** Hashes of the picture turned and mirrored, by the name of the orientation. */
  readonly pdqOrientations?: (
    rgb: Uint8Array,
    width: number,
    height: number,
    channels: 3 | 4,
  ) => Readonly<Record<string, string>>
  /** Agencies' hashers, each of the decoded picture at full size. */
  readonly hashers?: readonly { readonly id: string; readonly hash: HasherOf }[]
  /** Certificates of the agency's trust list for content credentials; absent: none was given. */
  readonly trusted?: readonly X509Certificate[]
  /** Sees each sampled frame of a video or animation. */
  readonly sampledFrame?: (frame: HasherPicture, part: string) => void
  readonly classify: ((pixels: Pixels, effort?: 'fast' | 'whole') => Promise<Opinion>) | null
}

export interface Opinion {
  readonly scores: readonly Score[]
  readonly attributes: readonly Attribute[]
  /** An expensive model was needed, but skipped because the effort was `fast`. */
  readonly leftOut?: boolean
  /** No model judged it, for this reason. */
  readonly notJudged?: NotJudged
}

/** The same parts for one look: its limit decides what no model judges. */
export function partsOf(parts: LookParts, leastModelSide: number | undefined): LookParts {
  const { classify } = parts
  if (classify === null) return parts
  return {
    ...parts,
    classify: async (pixels, effort) => {
      const why = notJudged(pixels, leastModelSide)
      return why === null ? classify(pixels, effort) : { scores: [], attributes: [], notJudged: why }
    },
  }
}
