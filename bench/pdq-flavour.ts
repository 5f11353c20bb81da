/**
 * Which pixels a PDQ hash was made of. "PDQ" is not one hash per picture: implementations scale the picture down first,
 * or do not, and the hashes differ. Exchanged lists do not say which they used, so we keep our own flavour with every
 * hash we store.
 *
 * | flavour       | who                             | made of                                                           |
 * |---------------|---------------------------------|-------------------------------------------------------------------|
 * | `full`        | Java, PyPI pdqhash, vPDQ frames | all pixels, nothing scaled: what seized hashes where it can       |
 * | `reduced-N`   | seized                          | a picture decoded to N pixels on its longest side, sampled where  |
 * |               |                                 | the full picture's samples lie                                    |
 * | `nearest-512` | reference C++ and WebAssembly   | over 512 on a side: exactly 512×512, nearest neighbour            |
 * | `inside-512`  | reference Python                | over 512 on a side: longest side 512, averaged, aspect kept       |
 *
 * Bits from `full` on public test pictures without transparency, quality 50 and above (bench/pdq.ts measures anew):
 *
 * | flavour        | photographs: n, mean, most | every kind: n, mean, 95 %, most |
 * |----------------|----------------------------|---------------------------------|
 * | `reduced-1536` | 24, 0.4, 2                 | 28, 0.6, 4, 4                   |
 * | `reduced-1024` | 24, 0.8, 4                 | 28, 1.0, 4, 4                   |
 * | `reduced-512`  | 53, 1.6, 4                 | 90, 5.1, 14, 130                |
 * | `nearest-512`  | 53, 9.3, 18                | 90, 14.4, 46, 68                |
 * | `inside-512`   | 53, 11.6, 22               | 90, 18.3, 44, 138               |
 *
 * (Hashing a picture reduced to 1,536 by itself, without sampling as the full one: 24, 5.1, 8.)
 *
 * Flags, text and test charts move much further than photographs: where coefficients nearly tie, any scaling decides
 * them anew. A picture with transparency must lose its alpha before it is scaled, or colours hidden under it change.
 *
 * Grey of 16 bits a sample is hashed as it looks, its range brought to 8 bits. PyPI's pdqhash gets it from Pillow cut off at
 * 255, which leaves most such pictures nearly white: the public vector of one (quality 36, under PDQ's own 50) is 118 bits
 * from ours, and equal bit for bit when we cut off too (test/hash/pdq-vectors.ts). A list made of such files through Pillow
 * does not find them here.
 */

import type { Sides } from '../src/hash/pdq.ts'

export const PDQ_FULL = 'full'
export type PdqFlavour = typeof PDQ_FULL | `reduced-${number}` | 'nearest-512' | 'inside-512'

/** The flavour of `pdqFromRgb(…, stored)` over pixels of these sides. */
export function pdqFlavour(decoded: Sides, stored: Sides): PdqFlavour {
  const side = Math.max(decoded.width, decoded.height)
  return side === Math.max(stored.width, stored.height) ? PDQ_FULL : `reduced-${side}`
}

export interface RawPicture extends Sides {
  readonly pixels: Uint8Array
}

/** The pre-scaling of the `nearest-512` flavour: sample floor(i · side / 512), aspect ignored. */
export function toNearest512(picture: RawPicture, channels: 1 | 3 | 4): RawPicture {
  const { pixels, width, height } = picture
  const side = 512
  if (width <= side && height <= side) return picture
  const scaled = new Uint8Array(side * side * channels)
  for (let y = 0, to = 0; y < side; y++) {
    const row = Math.floor((y * height) / side) * width
    for (let x = 0; x < side; x++) {
      const from = (row + Math.floor((x * width) / side)) * channels
      for (let c = 0; c < channels; c++) scaled[to++] = pixels[from + c]!
    }
  }
  return { pixels: scaled, width: side, height: side }
}
