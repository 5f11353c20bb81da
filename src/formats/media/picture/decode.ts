/** Which decoder reads which media type. The type comes from content (identify); a decoder still checks for itself. */

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

/** In order: every decoder that takes the media type is tried until one succeeds. */
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

/** @returns the first success; else what the first decoder said */
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
    // A limit is an answer, not a failure to read: another decoder must not get round it.
    if (decoded.reason === 'over-pixel-limit') return decoded
  }
  return failure ?? { ok: false, reason: 'unsupported-format', detail: noDecoder(mediaType) }
}

/** Read by the second decoder after the first gave up: as good as lenient, and said so. */
function secondReader(decoded: Extract<Decoded, { ok: true }>, refusal: Detail): typeof decoded {
  return {
    ...decoded,
    leniently: decoded.leniently ?? { code: 'second-decoder', params: { said: inShort(refusal) } },
  }
}
