/** Which decoder reads which media type. The type comes from content (identify); a decoder still checks for itself. */
import { sharpDecoder } from './decode-sharp.ts'
import type { Decoded, DecodeLimits, Decoder } from './picture.ts'

/** In order: the first that takes a media type decodes it. */
export const DECODERS: readonly Decoder[] = [sharpDecoder]

export async function loadDecoders(): Promise<void> {
  for (const decoder of DECODERS) await decoder.load()
}

export async function decodePicture(
  bytes: Buffer,
  mediaType: string,
  limits: DecodeLimits,
): Promise<Decoded> {
  const decoder = DECODERS.find(({ mediaTypes }) => mediaTypes.includes(mediaType))
  if (!decoder) return { ok: false, reason: 'unsupported-format', detail: mediaType }
  return decoder.decode(bytes, limits)
}
