/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF and AVIF with sharp (libvips).
 *
 * One decode at full resolution serves every use: decoding a 12-megapixel JPEG again with shrink-on-load costs 91 ms,
 * scaling the decoded pixels 27 ms (measured). Colour profiles are ignored: PDQ's reference and the training
 * pipelines of the models never applied them. SVG is not rendered: it is a program for a renderer, may refer to other
 * files, and contains photographs only as embedded pictures.
 */

import type { Metadata, Sharp, SharpOptions } from 'sharp'
import type { Detail } from '../../../contracts/detail.ts'
import { libraryText } from '../../bytes/coded-error.ts'
import { isMemoryError } from '../../bytes/memory-error.ts'
import { type Decoded, type DecodeLimits, type Decoder, noDecoder, overPixelLimit } from './picture.ts'

type SharpLibrary = typeof import('sharp')['default']

let sharp: SharpLibrary | null = null

export const sharpDecoder: Decoder = {
  name: 'sharp',
  mediaTypes: [
    'image/jpeg',
    'image/png',
    'image/apng',
    'image/webp',
    'image/gif',
    'image/tiff',
    'image/avif',
  ],
  load: async () => {
    await loadSharp()
  },
  decode,
}

/** Loads sharp, configured for one core and no cache between pictures. */
export async function loadSharp(): Promise<SharpLibrary> {
  if (sharp === null) {
    sharp = (await import('sharp')).default
    sharp.concurrency(1)
    sharp.cache(false)
    sharp.block({ operation: ['VipsForeignLoadSvg', 'VipsForeignLoadVips', 'VipsForeignLoadPdf'] })
  }
  return sharp
}

/** The format from sharp's header reader must be one of these: sniffing alone never selects a decoder. */
const FORMATS = new Set(['jpeg', 'png', 'webp', 'gif', 'tiff', 'heif'])

async function decode(bytes: Buffer, _mediaType: string, limits: DecodeLimits): Promise<Decoded> {
  let header: Metadata
  try {
    header = await open(bytes, limits, 'none').metadata()
  } catch (error) {
    return bytes[0] === 0x3c ? unsupported('markup') : failure(error)
  }
  if (!FORMATS.has(header.format)) return unsupported(header.format)
  const over = overPixelLimit(header.width, header.pageHeight ?? header.height, limits)
  if (over) return over
  try {
    return await pixels(open(bytes, limits, 'warning'), header, null)
  } catch (strict) {
    if (isMemoryError(strict)) return failure(strict)
    const lenient = open(bytes, limits, 'none')
    const warnings: string[] = []
    lenient.on('warning', (message: unknown) => warnings.push(String(message)))
    try {
      const decoded = await pixels(lenient, header, null)
      // The message "Warning treated as error" has no content; the warning itself has.
      return decoded.ok
        ? {
            ...decoded,
            leniently: libraryText(
              warnings.find((warning) => !/^read gave/.test(warning)) ?? messageOf(strict),
            ),
          }
        : decoded
    } catch (error) {
      return failure(error)
    }
  }
}

async function pixels(image: Sharp, header: Metadata, leniently: Detail | null): Promise<Decoded> {
  const { data, info } = await image
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const base = {
    ok: true as const,
    leniently,
    pages: header.pages ?? 1,
    format: header.format === 'heif' ? 'avif' : header.format,
  }
  const orientation = header.orientation ?? 1
  if (channels === 3 || channels === 4) {
    return { ...base, picture: { width, height, channels, data, orientation } }
  }
  return { ...base, picture: { width, height, channels: 3, data: greyToRgb(data, channels), orientation } }
}

function open(bytes: Buffer, limits: DecodeLimits, failOn: SharpOptions['failOn']): Sharp {
  if (sharp === null) throw new Error('sharp was not loaded')
  return sharp(bytes, {
    failOn,
    ignoreIcc: true,
    limitInputPixels: limits.pixels,
    limitInputChannels: 5,
    sequentialRead: true,
    page: limits.page ?? 0,
    pages: 1,
  })
}

/** Converts grey, with or without alpha. */
function greyToRgb(data: Uint8Array, channels: number): Uint8Array {
  const rgb = new Uint8Array((data.length / channels) * 3)
  for (let from = 0, to = 0; from < data.length; from += channels, to += 3) {
    rgb[to] = rgb[to + 1] = rgb[to + 2] = data[from] as number
  }
  return rgb
}

function failure(error: unknown): Decoded {
  const said = messageOf(error)
  const detail = libraryText(said)
  if (isMemoryError(error)) return { ok: false, reason: 'out-of-memory', detail }
  if (/exceeds pixel limit/i.test(said)) return { ok: false, reason: 'over-pixel-limit', detail }
  // sharp also reports a damaged header as "Unsupported image format". The format itself was identified before.
  if (/no decoding plugin|not built with support/i.test(said)) {
    return { ok: false, reason: 'unsupported-format', detail }
  }
  return { ok: false, reason: 'decode-failed', detail }
}

function unsupported(format: string): Decoded {
  return { ok: false, reason: 'unsupported-format', detail: noDecoder(format) }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] as string
}
