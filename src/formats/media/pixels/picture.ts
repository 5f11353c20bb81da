/** A decoded picture at full resolution, as stored in the file: EXIF orientation is recorded, not applied. */
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

/** Reason for a missing picture. The codes are those of contracts/reason.ts. */
export type DecodeFailure = 'unsupported-format' | 'decode-failed' | 'over-pixel-limit' | 'out-of-memory'

export type Decoded =
  | {
      readonly ok: true
      readonly picture: Picture
      /** Damage that a strict decoder refused; null when strict decoding succeeded. */
      readonly leniently: Detail | null
      /** Count of frames or pages that the container states. */
      readonly pages: number
      /** The decoder's name for the format. */
      readonly format: string
    }
  | { readonly ok: false; readonly reason: DecodeFailure; readonly detail: Detail }

export interface DecodeLimits {
  readonly pixels: number
  /** Of a TIFF, from 0; only sharp's decoder takes it. Absent: the first. */
  readonly page?: number
}

/** Contract of a decoder: one file and one row in DECODERS. */
export interface Decoder {
  readonly name: string
  readonly mediaTypes: readonly string[]
  /** Loads all resources from disk; called once, before the child process gives up its rights. */
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

/** @param format media type, codec or container, as the caller names it */
export function noDecoder(format: string): Detail {
  return { code: 'no-decoder', params: { format } }
}
