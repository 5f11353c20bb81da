/**
 * Decodes Windows and OS/2 bitmaps. FFmpeg's decoder refuses a seventh of the valid variants in the public test suite
 * (odd bit masks, 2 bits a pixel, OS/2 headers) and does not report missing rows.
 *
 * Missing rows stay black, and the result reports them. Alpha is ignored, as in all decoders here.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { detailOf } from '../../bytes/coded-error.ts'
import { isMemoryError } from '../../bytes/memory-error.ts'
import { sharpDecoder } from '../pixels/decode-sharp.ts'
import { type Decoded, type DecodeLimits, type Decoder, overPixelLimit } from '../pixels/picture.ts'

const FILE_HEADER = 14

export const bmpDecoder: Decoder = {
  name: 'bmp',
  mediaTypes: ['image/bmp', 'image/x-ms-bmp'],
  load: () => sharpDecoder.load(),
  decode: async (bytes, _mediaType, limits) => {
    if (bytes.length < FILE_HEADER + 12) return failed({ code: 'ends-inside-header', params: {} })
    return decodeDib(bytes.subarray(FILE_HEADER), bytes.readUInt32LE(10) - FILE_HEADER, false, limits)
  },
}

interface Dib {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly compression: Compression
  readonly masks: readonly [number, number, number] | null
  /** RGB triples. */
  readonly palette: Uint8Array
  readonly pixels: Buffer
}

type Compression = 'none' | 'rle4' | 'rle8' | 'rle24' | 'jpeg' | 'png'

/**
 * @param dib from its own header on (a bitmap file without the file header)
 * @param pixelOffset from the start of `dib`; out of range: directly behind header and palette
 * @param icon the height includes a transparency mask
 */
export async function decodeDib(
  dib: Buffer,
  pixelOffset: number | null,
  icon: boolean,
  limits: DecodeLimits,
): Promise<Decoded> {
  try {
    const header = headerOf(dib, pixelOffset, icon)
    if ('code' in header) return failed(header)
    const over = overPixelLimit(header.width, header.height, limits)
    if (over) return over
    if (header.compression === 'jpeg' || header.compression === 'png') {
      return sharpDecoder.decode(header.pixels, `image/${header.compression}`, limits)
    }
    const { width, height } = header
    const { rgb, missing } = header.compression === 'none' ? plain(header) : runLengths(header)
    return {
      ok: true,
      picture: { width, height, channels: 3, data: rgb, orientation: 1 },
      leniently: missing === 0 ? null : { code: 'rows-missing', params: { rows: missing, of: height } },
      pages: 1,
      format: 'bmp',
    }
  } catch (error) {
    if (!isMemoryError(error) && !(error instanceof RangeError)) throw error
    const detail = detailOf(error)
    return isMemoryError(error) ? { ok: false, reason: 'out-of-memory', detail } : failed(detail)
  }
}

/** Header sizes: 12 OS/2 1, 16 and 64 OS/2 2, 40 Windows 3, 52 and 56 with masks, 108 and 124 Windows 4 and 5. */
function headerOf(dib: Buffer, pixelOffset: number | null, icon: boolean): Dib | Detail {
  const size = dib.readUInt32LE(0)
  if (size < 12 || size > 512 || size > dib.length) return { code: 'bitmap-header', params: { bytes: size } }
  const old = size === 12
  const width = old ? dib.readUInt16LE(4) : dib.readInt32LE(4)
  const signedHeight = old ? dib.readUInt16LE(6) : dib.readInt32LE(8)
  const height = Math.floor(Math.abs(signedHeight) / (icon ? 2 : 1))
  if (width < 1 || height < 1) return { code: 'no-pixels', params: { width, height: signedHeight } }
  const bits = dib.readUInt16LE(old ? 10 : 14)
  const code = size >= 20 ? dib.readUInt32LE(16) : 0
  const compression = compressionOf(code, bits, size)
  if (compression === null) return { code: 'bitmap-compression', params: { compression: code, bits } }
  const masked = code === 3 || code === 6
  const masksInside = size >= 52
  const maskBytes = masked && !masksInside && size === 40 ? (code === 6 ? 16 : 12) : 0
  const masks = masked
    ? ([dib.readUInt32LE(40), dib.readUInt32LE(44), dib.readUInt32LE(48)] as const)
    : masksOf(bits)
  const paletteStart = size + maskBytes
  const entryBytes = old ? 3 : 4
  const wanted = bits <= 8 ? Math.min((size >= 36 && dib.readUInt32LE(32)) || 1 << bits, 256) : 0
  const afterHeaders = paletteStart + wanted * entryBytes
  const given = pixelOffset !== null && pixelOffset >= paletteStart && pixelOffset < dib.length
  const start = given ? pixelOffset : afterHeaders
  const colours = Math.min(wanted, Math.floor((Math.min(start, dib.length) - paletteStart) / entryBytes))
  return {
    width,
    height,
    topDown: signedHeight < 0,
    bits,
    compression,
    masks,
    palette: paletteOf(dib.subarray(paletteStart), colours, entryBytes),
    pixels: dib.subarray(start),
  }
}

function compressionOf(code: number, bits: number, headerBytes: number): Compression | null {
  const os2 = headerBytes === 64 || headerBytes === 16
  if (code === 1 && bits === 8) return 'rle8'
  if (code === 2 && bits === 4) return 'rle4'
  if (code === 4) return os2 && bits === 24 ? 'rle24' : os2 ? null : 'jpeg'
  if (code === 5 && !os2) return 'png'
  const masked = (code === 3 || code === 6) && !os2 && (bits === 16 || bits === 32)
  if (code !== 0 && !masked) return null
  return [1, 2, 4, 8, 16, 24, 32].includes(bits) ? 'none' : null
}

/** Without own masks, 16-bit pixels have 5 bits a colour and 32-bit pixels have 8. */
function masksOf(bits: number): readonly [number, number, number] | null {
  if (bits === 16) return [0x7c00, 0x03e0, 0x001f]
  return bits === 32 ? [0xff0000, 0x00ff00, 0x0000ff] : null
}

/** Missing entries are black. */
function paletteOf(bytes: Buffer, colours: number, entryBytes: number): Uint8Array {
  const palette = new Uint8Array(256 * 3)
  for (let i = 0; i < colours; i++) {
    for (let c = 0; c < 3; c++) palette[i * 3 + c] = bytes[i * entryBytes + 2 - c] ?? 0
  }
  return palette
}

interface Read {
  readonly rgb: Uint8Array
  /** Count of rows that are missing completely or in part. */
  readonly missing: number
}

function plain({ width, height, topDown, bits, masks, palette, pixels }: Dib): Read {
  const rgb = new Uint8Array(width * height * 3)
  // Rows are padded to four bytes.
  const stride = Math.ceil((width * bits) / 32) * 4
  const needed = Math.ceil((width * bits) / 8)
  const pick = masks && (bits === 16 || bits === 32) ? masks.map(channelOf) : null
  let missing = 0
  for (let y = 0; y < height; y++) {
    const from = y * stride
    if (from + needed > pixels.length) missing++
    if (from >= pixels.length) continue
    let to = (topDown ? y : height - 1 - y) * width * 3
    for (let x = 0; x < width; x++, to += 3) {
      if (bits <= 8) {
        const byte = pixels[from + ((x * bits) >> 3)] ?? 0
        const index = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1)
        rgb.set(palette.subarray(index * 3, index * 3 + 3), to)
      } else if (pick) {
        const at = from + x * (bits >> 3)
        if (at + (bits >> 3) > pixels.length) break
        const value = bits === 16 ? pixels.readUInt16LE(at) : pixels.readUInt32LE(at)
        for (let c = 0; c < 3; c++) rgb[to + c] = pick[c]!(value)
      } else {
        for (let c = 0; c < 3; c++) rgb[to + c] = pixels[from + x * 3 + 2 - c] ?? 0
      }
    }
  }
  return { rgb, missing }
}

/** A range of bits in a pixel, scaled to 0–255. */
function channelOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 0
  const shift = Math.log2((mask & -mask) >>> 0)
  const most = mask / 2 ** shift
  return (value) => Math.round((((value & mask) >>> shift) * 255) / most)
}

function runLengths({ width, height, topDown, compression, palette, pixels }: Dib): Read {
  const rgb = new Uint8Array(width * height * 3)
  const triples = compression === 'rle24'
  let at = 0
  let x = 0
  let y = 0
  const put = (red: number, green: number, blue: number) => {
    if (x >= width || y >= height) return
    const to = ((topDown ? y : height - 1 - y) * width + x++) * 3
    rgb[to] = red
    rgb[to + 1] = green
    rgb[to + 2] = blue
  }
  const putIndex = (index: number) =>
    put(palette[index * 3] ?? 0, palette[index * 3 + 1] ?? 0, palette[index * 3 + 2] ?? 0)
  const putFrom = (position: number, i: number) => {
    if (triples) put(pixels[position + 2] ?? 0, pixels[position + 1] ?? 0, pixels[position] ?? 0)
    else if (compression === 'rle8') putIndex(pixels[position] ?? 0)
    else putIndex(i & 1 ? (pixels[position] ?? 0) & 15 : (pixels[position] ?? 0) >> 4)
  }
  while (at + 1 < pixels.length && y < height) {
    const count = pixels[at] as number
    const second = pixels[at + 1] as number
    if (count > 0) {
      for (let i = 0; i < count; i++) putFrom(at + 1, i)
      at += triples ? 4 : 2
    } else if (second === 0) {
      x = 0
      y++
      at += 2
    } else if (second === 1) {
      return { rgb, missing: 0 }
    } else if (second === 2) {
      x += pixels[at + 2] ?? 0
      y += pixels[at + 3] ?? 0
      at += 4
    } else {
      const unit = triples ? 3 : compression === 'rle8' ? 1 : 0.5
      for (let i = 0; i < second; i++) putFrom(at + 2 + Math.floor(i * unit), i)
      // Literal pixels are padded to two bytes.
      at += 2 + Math.ceil(Math.ceil(second * unit) / 2) * 2
    }
  }
  return { rgb, missing: Math.max(0, height - y) }
}

function failed(detail: Detail): Decoded {
  return { ok: false, reason: 'decode-failed', detail }
}
