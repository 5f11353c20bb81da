/**
 * Which pixels a PDQ hash was made of. "PDQ" is not one hash per picture: implementations scale the picture down first,
 * or do not, and the hashes differ by a few bits. Exchanged lists do not say which they used, so we keep our own flavour
 * with every hash we store.
 *
 * | flavour       | who                              | before hashing                                                  |
 * |---------------|----------------------------------|-----------------------------------------------------------------|
 * | `full`        | Java, PyPI pdqhash, vPDQ frames  | nothing                                                         |
 * | `nearest-512` | reference C++ tool, WebAssembly  | over 512 on a side: exactly 512×512, nearest neighbour          |
 * | `inside-512`  | reference Python                 | over 512 on a side: longest side 512, averaged, aspect kept     |
 * | `inside-1536` | seized, when it decodes smaller  | over 1,536 on a side: longest side 1,536, averaged, aspect kept |
 */

export const PDQ_FLAVOURS = ['full', 'nearest-512', 'inside-512', 'inside-1536'] as const
export type PdqFlavour = (typeof PDQ_FLAVOURS)[number]

/** The flavour of a hash made from a picture that was decoded to fit inside `insideSide` pixels. */
export function insideFlavour(
  stored: { readonly width: number; readonly height: number },
  insideSide: 512 | 1536,
): PdqFlavour {
  return Math.max(stored.width, stored.height) <= insideSide ? 'full' : `inside-${insideSide}`
}

export interface RawPicture {
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
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
