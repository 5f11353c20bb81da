/** A decoded picture at full resolution, as the file stores it: EXIF orientation is kept beside it, not applied. */
import type { Detail } from '../../../contracts/detail.ts'

export interface Picture {
  readonly width: number
  readonly height: number
  /** 3: RGB, 4: RGBA, 8 bits, row-major. */
  readonly channels: 3 | 4
  readonly data: Uint8Array
  /** EXIF 1–8; 1 is upright. */
  readonly orientation: number
}

/** Why there is no picture. The codes are those of contracts/reason.ts. */
export type DecodeFailure = 'unsupported-format' | 'decode-failed' | 'over-pixel-limit' | 'out-of-memory'

export type Decoded =
  | {
      readonly ok: true
      readonly picture: Picture
      /** What a strict decoder refused; null when strict decoding succeeded. */
      readonly leniently: Detail | null
      /** Frames or pages that the container says it has. */
      readonly pages: number
      /** The decoder's name for the format. */
      readonly format: string
    }
  | { readonly ok: false; readonly reason: DecodeFailure; readonly detail: Detail }

export interface DecodeLimits {
  readonly pixels: number
}

/** One decoder: a file and a line in DECODERS. */
export interface Decoder {
  readonly name: string
  readonly mediaTypes: readonly string[]
  /** Loads what it needs from disk; called once, before the child gives its rights up. */
  readonly load: () => Promise<void>
  /** @throws never for bad evidence */
  readonly decode: (bytes: Buffer, mediaType: string, limits: DecodeLimits) => Promise<Decoded>
}

export function overPixelLimit(width: number, height: number, limits: DecodeLimits): Decoded | null {
  if (width * height <= limits.pixels) return null
  return {
    ok: false,
    reason: 'over-pixel-limit',
    detail: { code: 'over-pixels', params: { width, height, limit: limits.pixels } },
  }
}

/** @param format media type, codec or container, as whoever looked for a decoder calls it */
export function noDecoder(format: string): Detail {
  return { code: 'no-decoder', params: { format } }
}
