/**
 * Decodes Windows icons and cursors; the largest picture is shown. Each picture is a PNG, or a bitmap without file
 * header and with twice its height (a transparency mask follows the pixels).
 */

import { sharpDecoder } from '../pixels/decode-sharp.ts'
import type { Decoded, DecodeLimits, Decoder } from '../pixels/picture.ts'
import { decodeDib } from './decode-bmp.ts'

/** The header counts pictures in 16 bits; files with more than this are not icons. */
const ENTRIES = 1024
const ENTRY_BYTES = 16
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47])

export const icoDecoder: Decoder = {
  name: 'ico',
  mediaTypes: ['image/x-icon', 'image/vnd.microsoft.icon', 'image/x-win-bitmap'],
  load: () => sharpDecoder.load(),
  decode: async (bytes, _mediaType, limits) => {
    let last: Decoded = { ok: false, reason: 'decode-failed', detail: { code: 'icon-empty', params: {} } }
    const images = imagesOf(bytes)
    for (const image of images.slice(0, TRIED)) {
      last = await decodeImage(image, limits)
      if (last.ok) return { ...last, pages: images.length, format: 'ico' }
    }
    return last
  },
}

/** Pictures to try until one can be shown. */
const TRIED = 8

/** The pictures besides the largest one, each separately. */
export async function* otherIcons(bytes: Buffer, limits: DecodeLimits): AsyncGenerator<Decoded> {
  for (const image of imagesOf(bytes).slice(1)) yield await decodeImage(image, limits)
}

function decodeImage(image: Buffer, limits: DecodeLimits): Promise<Decoded> {
  return image.subarray(0, 4).equals(PNG)
    ? sharpDecoder.decode(image, 'image/png', limits)
    : decodeDib(image, null, true, limits)
}

/** Largest first. Offsets and lengths outside the file are cut to it. */
function imagesOf(bytes: Buffer): Buffer[] {
  if (bytes.length < 6) return []
  const count = Math.min(bytes.readUInt16LE(4), ENTRIES, Math.floor((bytes.length - 6) / ENTRY_BYTES))
  const entries = Array.from({ length: count }, (_, i) => {
    const at = 6 + i * ENTRY_BYTES
    const side = (value: number | undefined) => value || 256
    const length = bytes.readUInt32LE(at + 8)
    const offset = bytes.readUInt32LE(at + 12)
    return { pixels: side(bytes[at]) * side(bytes[at + 1]), image: bytes.subarray(offset, offset + length) }
  })
  return entries
    .filter(({ image }) => image.length >= 40)
    .sort((a, b) => b.pixels - a.pixels || b.image.length - a.image.length)
    .map(({ image }) => image)
}
