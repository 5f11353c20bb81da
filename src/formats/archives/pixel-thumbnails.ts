/**
 * Extractor for thumbnails of iPods and early iOS, stored as pixels without a header. Each becomes a BMP file; the
 * conversion gives the same bytes on every machine. A slot with one colour was never used and gives no member.
 *
 * @see media-types/pixel-thumbnails.ts; for colours ITU-R BT.601, in integers
 */
import {
  PIXEL_THUMBNAIL_TYPES,
  type PixelCoding,
  type PixelLayout,
  pixelLayoutOf,
} from '../../media-types/pixel-thumbnails.ts'
import { type Budget, ContainerNotBuilt, type Extractor, type Member } from './common/container.ts'
import { bmpOfRgb } from './raw-bitmap.ts'

export const pixelThumbnails: Extractor = {
  id: 'pixel-thumbnails',
  mediaTypes: PIXEL_THUMBNAIL_TYPES,
  members: async function* (source, budget, _beside, mediaType = '') {
    const layout = pixelLayoutOf(mediaType)
    if (layout === null) throw new ContainerNotBuilt({ code: 'not-unpacked', params: {} })
    const { slotBytes } = layout
    for (let at = 0, number = 1; at + slotBytes <= source.sizeBytes; at += slotBytes, number++) {
      const pixels = source.read(at, pixelBytes(layout))
      if (!isOneColour(pixels)) yield memberOf(layout, pixels, number, budget)
    }
  },
}

function pixelBytes({ coding, width, height }: PixelLayout): number {
  return coding === 'i420' ? (width * height * 3) / 2 : width * height * 2
}

function isOneColour(pixels: Buffer): boolean {
  return pixels.subarray(4).equals(pixels.subarray(0, -4))
}

function memberOf(layout: PixelLayout, pixels: Buffer, number: number, budget: Budget): Member {
  budget.entry()
  return {
    kind: 'thumbnail',
    name: Buffer.from(`picture ${number}`),
    entryKind: 'file',
    sizeBytes: BigInt(pixels.length),
    modified: null,
    linkTarget: null,
    read: async () => {
      const bmp = bitmapOf(layout, pixels)
      budget.charge(bmp.length)
      return bmp
    },
  }
}

function bitmapOf({ coding, width, height }: PixelLayout, pixels: Buffer): Buffer {
  const rgb = Buffer.alloc(width * height * 3)
  const put = PUTS[coding](pixels, width, height)
  for (let y = 0, to = 0; y < height; y++) for (let x = 0; x < width; x++, to += 3) put(rgb, to, x, y)
  return coding === 'rgb565-turned'
    ? bmpOfRgb(height, width, turnedRight(rgb, width, height))
    : bmpOfRgb(width, height, rgb)
}

type Put = (rgb: Buffer, to: number, x: number, y: number) => void

/** Functions that compute one RGB pixel from the stored pixels. */
const PUTS: Readonly<Record<PixelCoding, (pixels: Buffer, width: number, height: number) => Put>> = {
  rgb565: (pixels, width) => words(pixels, width, false, putRgb565),
  'rgb565-big': (pixels, width) => words(pixels, width, true, putRgb565),
  'rgb565-turned': (pixels, width) => words(pixels, width, true, putRgb565),
  rgb555: (pixels, width) => words(pixels, width, false, putRgb555),
  uyvy: (pixels, width, height) => (rgb, to, x, y) => {
    // Even rows come first, then odd rows.
    const row = (y >> 1) + (y & 1) * (height >> 1)
    const from = (row * width + (x & ~1)) * 2
    putYuv(rgb, to, pixels[from + 1 + 2 * (x & 1)]!, pixels[from]!, pixels[from + 2]!)
  },
  i420: (pixels, width, height) => (rgb, to, x, y) => {
    const half = width >> 1
    const at = width * height + (y >> 1) * half + (x >> 1)
    putYuv(rgb, to, pixels[y * width + x]!, pixels[at]!, pixels[at + half * (height >> 1)]!)
  },
}

function words(
  pixels: Buffer,
  width: number,
  isBig: boolean,
  put: (rgb: Buffer, to: number, word: number) => void,
): Put {
  return (rgb, to, x, y) => {
    const at = (y * width + x) * 2
    put(rgb, to, isBig ? pixels.readUInt16BE(at) : pixels.readUInt16LE(at))
  }
}

function putRgb565(rgb: Buffer, to: number, word: number): void {
  rgb[to] = wide(word >> 11)
  rgb[to + 1] = ((word >> 3) & 0xfc) | ((word >> 9) & 3)
  rgb[to + 2] = wide(word & 31)
}

function putRgb555(rgb: Buffer, to: number, word: number): void {
  rgb[to] = wide((word >> 10) & 31)
  rgb[to + 1] = wide((word >> 5) & 31)
  rgb[to + 2] = wide(word & 31)
}

/** Expands five bits to eight. */
function wide(five: number): number {
  return (five << 3) | (five >> 2)
}

function putYuv(rgb: Buffer, to: number, luma: number, blue: number, red: number): void {
  const [cb, cr] = [blue - 128, red - 128]
  rgb[to] = bounded(luma + ((cr * 359) >> 8))
  rgb[to + 1] = bounded(luma - ((cb * 88 + cr * 183) >> 8))
  rgb[to + 2] = bounded(luma + ((cb * 454) >> 8))
}

function bounded(value: number): number {
  return Math.min(255, Math.max(0, value))
}

/** Rotates by 90 degrees clockwise, so that a picture stored turned left is upright. */
function turnedRight(rgb: Buffer, width: number, height: number): Buffer {
  const turned = Buffer.alloc(rgb.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rgb.copy(turned, (x * height + (height - 1 - y)) * 3, (y * width + x) * 3, (y * width + x) * 3 + 3)
  return turned
}
