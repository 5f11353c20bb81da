/**
 * Selects the decoder for a media type. The type comes from the content (identify); each decoder still checks the
 * bytes.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { inShort } from '../../bytes/coded-error.ts'
import { ffmpegDecoder } from '../ffmpeg/decode-ffmpeg.ts'
import { heifDecoder } from '../heif/decode-heif.ts'
import { sharpDecoder } from '../pixels/decode-sharp.ts'
import { type Decoded, type DecodeLimits, type Decoder, noDecoder } from '../pixels/picture.ts'
import { bmpDecoder } from './decode-bmp.ts'
import { icoDecoder } from './decode-ico.ts'
import { rawDecoder } from './decode-raw.ts'
import { truncationOf } from './truncated.ts'

/** In order: every decoder for the media type is tried until one succeeds. */
export const DECODERS: readonly Decoder[] = [
  sharpDecoder,
  heifDecoder,
  bmpDecoder,
  icoDecoder,
  ffmpegDecoder,
  rawDecoder,
]

export async function loadDecoders(): Promise<void> {
  for (const decoder of DECODERS) await decoder.load()
}

/** @returns the first success; otherwise the failure of the first decoder */
export async function decodePicture(
  bytes: Buffer,
  mediaType: string,
  limits: DecodeLimits,
): Promise<Decoded> {
  let failure: Extract<Decoded, { ok: false }> | null = null
  for (const decoder of DECODERS) {
    if (!decoder.mediaTypes.includes(mediaType)) continue
    const decoded = await decoder.decode(bytes, mediaType, limits)
    if (decoded.ok) {
      const read = failure ? secondReader(decoded, failure.detail) : decoded
      return { ...read, leniently: read.leniently ?? truncationOf(bytes, mediaType) }
    }
    failure ??= decoded
    // A limit is a final answer: no other decoder may bypass it.
    if (decoded.reason === 'over-pixel-limit') return decoded
  }
  return failure ?? { ok: false, reason: 'unsupported-format', detail: noDecoder(mediaType) }
}

/** When the second decoder reads a file that the first refused, the result is marked as lenient. */
function secondReader(decoded: Extract<Decoded, { ok: true }>, refusal: Detail): typeof decoded {
  return {
    ...decoded,
    leniently: decoded.leniently ?? { code: 'second-decoder', params: { said: inShort(refusal) } },
  }
}
