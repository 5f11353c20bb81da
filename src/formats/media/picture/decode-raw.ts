/**
 * Decodes camera raw files: the largest JPEG that the camera stored for display. The sensor data is not developed.
 * The analysis uses the picture that the camera's screen showed, and the result reports this.
 */

import { loadSharp, sharpDecoder } from '../pixels/decode-sharp.ts'
import type { Decoder } from '../pixels/picture.ts'

/** JPEG start markers to try; real files contain two to five. */
const CANDIDATES = 64
const SOI = Buffer.from([0xff, 0xd8, 0xff])

export const rawDecoder: Decoder = {
  name: 'raw-preview',
  mediaTypes: [
    'image/x-adobe-dng',
    'image/x-canon-cr2',
    'image/x-canon-cr3',
    'image/x-fujifilm-raf',
    'image/x-nikon-nef',
    'image/x-olympus-orf',
    'image/x-panasonic-rw2',
    'image/x-sony-arw',
    // Raw files with the TIFF type. Files that sharp or FFmpeg can read as TIFF never reach this decoder.
    'image/tiff',
  ],
  load: () => sharpDecoder.load(),
  decode: async (bytes, _mediaType, limits) => {
    const largest = await largestJpeg(bytes)
    if (!largest)
      return {
        ok: false,
        reason: 'unsupported-format',
        detail: { code: 'no-embedded-jpeg', params: {} },
      }
    const decoded = await sharpDecoder.decode(largest, 'image/jpeg', limits)
    return decoded.ok
      ? {
          ...decoded,
          format: 'raw-preview',
          leniently: decoded.leniently ?? { code: 'embedded-preview', params: {} },
        }
      : decoded
  },
}

async function largestJpeg(bytes: Buffer): Promise<Buffer | null> {
  const sharp = await loadSharp()
  let best: { readonly pixels: number; readonly from: number } | null = null
  let from = bytes.indexOf(SOI)
  for (let tried = 0; from !== -1 && tried < CANDIDATES; tried++) {
    const pixels = await sharp(bytes.subarray(from), { failOn: 'none' })
      .metadata()
      .then(({ width, height, format }) => (format === 'jpeg' ? width * height : 0))
      // Not a JPEG: the three bytes matched by chance.
      .catch(() => 0)
    if (pixels > (best?.pixels ?? 0)) best = { pixels, from }
    from = bytes.indexOf(SOI, from + 3)
  }
  return best ? bytes.subarray(best.from) : null
}
