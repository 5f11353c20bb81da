/** What a look needs from other stages; confined/decoder/look-op.ts plugs them in. */
import type { Attribute } from '../../../contracts/attribute.ts'
import type { Pixels } from '../../../contracts/content.ts'
import type { Score } from '../../../contracts/finding.ts'

export interface LookParts {
  /** PDQ of full-resolution, un-rotated pixels (flavour `full`). */
  readonly pdq:
    | ((rgb: Uint8Array, width: number, height: number, channels: 3 | 4) => { hex: string; quality: number })
    | null
  /** Hashes of the picture turned and mirrored, by the name of the orientation. */
  readonly pdqOrientations?: (
    rgb: Uint8Array,
    width: number,
    height: number,
    channels: 3 | 4,
  ) => Readonly<Record<string, string>>
  /** Asked of a picture that may share the look of another one: with a face it is looked at by itself. */
  readonly hasFace?: (pixels: Pixels) => Promise<boolean>
  readonly classify: ((pixels: Pixels, effort?: 'fast' | 'whole') => Promise<Opinion>) | null
}

export interface Opinion {
  readonly scores: readonly Score[]
  readonly attributes: readonly Attribute[]
  /** A dear model was due, and left out because the effort was `fast`. */
  readonly leftOut?: boolean
}
