/**
 * Converts bitmaps without a header, as thumbnail stores contain them, to BMP files. The conversion gives the same
 * bytes on every machine. Transparent pixels are shown on white.
 *
 * @see Apple, CGImage.h: CGImageAlphaInfo (five bits), byte order (bits 12 to 14)
 */

export interface RawBitmap {
  readonly width: number
  readonly height: number
  readonly rowBytes: number
  readonly bitsPerComponent: number
  readonly bitsPerPixel: number
  /** CGBitmapInfo. */
  readonly info: number
}

const MOST_SIDE = 4096
const HEAD_BYTES = 54
const [PREMULTIPLIED_LAST, LAST, FIRST, SKIP_LAST, SKIP_FIRST] = [1, 3, 4, 5, 6]
/** Positions of red, green, blue and alpha in the four bytes of a pixel, for each byte order of the words. */
const BIG = { first: [1, 2, 3, 0], last: [0, 1, 2, 3] } as const
const LITTLE = { first: [2, 1, 0, 3], last: [3, 2, 1, 0] } as const

/** @returns null for an unknown layout */
export function layoutOf({ bitsPerComponent, bitsPerPixel, info }: RawBitmap) {
  if (bitsPerComponent !== 8 || bitsPerPixel !== 32 || (info & ~0x701f) !== 0) return null
  const order = (info >> 12) & 7
  const alpha = info & 0x1f
  const at = order === 2 ? LITTLE : order === 0 || order === 4 ? BIG : null
  if (at === null || alpha < PREMULTIPLIED_LAST || alpha > SKIP_FIRST) return null
  return {
    at: [PREMULTIPLIED_LAST, LAST, SKIP_LAST].includes(alpha) ? at.last : at.first,
    hasAlpha: alpha !== SKIP_LAST && alpha !== SKIP_FIRST,
    isPlain: alpha === LAST || alpha === FIRST,
  }
}

/** Whether width, height and row length fit into `bytes` bytes. */
export function fits({ width, height, rowBytes }: RawBitmap, bytes: number): boolean {
  const isSide = (side: number) => Number.isInteger(side) && side > 0 && side <= MOST_SIDE
  if (!isSide(width) || !isSide(height) || !Number.isInteger(rowBytes)) return false
  return rowBytes >= width * 4 && rowBytes * (height - 1) + width * 4 <= bytes
}

/** @returns null for an unknown layout. The caller checks with fits() that the bytes are enough. */
export function bmpOf(bitmap: RawBitmap, bytes: Buffer): Buffer | null {
  const layout = layoutOf(bitmap)
  if (layout === null) return null
  const { width, height, rowBytes } = bitmap
  const [red, green, blue, alpha] = layout.at
  const line = Math.ceil((width * 3) / 4) * 4
  const bmp = Buffer.alloc(HEAD_BYTES + line * height)
  writeHead(bmp, width, height)
  for (let y = 0; y < height; y++) {
    // The rows of a BMP start at the bottom.
    let to = HEAD_BYTES + (height - 1 - y) * line
    for (let from = y * rowBytes, x = 0; x < width; x++, from += 4) {
      const opaque = layout.hasAlpha ? bytes[from + alpha]! : 255
      for (const channel of [blue, green, red]) {
        const value = bytes[from + channel]!
        const own = layout.isPlain ? Math.round((value * opaque) / 255) : value
        bmp[to++] = Math.min(255, own + 255 - opaque)
      }
    }
  }
  return bmp
}

/** @param rgb three bytes a pixel, starting at the top left */
export function bmpOfRgb(width: number, height: number, rgb: Buffer): Buffer {
  const line = Math.ceil((width * 3) / 4) * 4
  const bmp = Buffer.alloc(HEAD_BYTES + line * height)
  writeHead(bmp, width, height)
  for (let y = 0, from = 0; y < height; y++) {
    let to = HEAD_BYTES + (height - 1 - y) * line
    for (let x = 0; x < width; x++, from += 3)
      for (const channel of [2, 1, 0]) bmp[to++] = rgb[from + channel]!
  }
  return bmp
}

function writeHead(bmp: Buffer, width: number, height: number): void {
  bmp.write('BM', 'latin1')
  bmp.writeUInt32LE(bmp.length, 2)
  bmp.writeUInt32LE(HEAD_BYTES, 10)
  bmp.writeUInt32LE(40, 14)
  bmp.writeInt32LE(width, 18)
  bmp.writeInt32LE(height, 22)
  bmp.writeUInt16LE(1, 26)
  bmp.writeUInt16LE(24, 28)
  bmp.writeUInt32LE(bmp.length - HEAD_BYTES, 34)
}
