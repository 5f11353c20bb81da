/**
 * Decodes BMP, TGA, PSD, JPEG 2000, JPEG XL and older formats with FFmpeg, and is the second decoder for files that
 * sharp refuses. The program selects the decoder and passes the whole file as one packet: no demuxer, no probing, no
 * protocol.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { detailOf, inShort, libraryText } from '../../bytes/coded-error.ts'
import { isMemoryError } from '../../bytes/memory-error.ts'
import {
  type Decoded,
  type DecodeLimits,
  type Decoder,
  noDecoder,
  overPixelLimit,
} from '../pixels/picture.ts'
import { type Ffmpeg, ffmpeg, ffmpegError, forgetWords, lastWords, loadFfmpeg } from './ffmpeg.ts'
import { RgbFrames } from './rgb-frames.ts'

/** FFmpeg's decoder names by media type; several names are tried in order. */
const CODECS: Readonly<Record<string, readonly string[]>> = {
  'image/bmp': ['bmp'],
  'image/x-ms-bmp': ['bmp'],
  'image/x-tga': ['targa'],
  'image/x-targa': ['targa'],
  'image/tga': ['targa'],
  'image/vnd.adobe.photoshop': ['psd'],
  'image/jp2': ['jpeg2000'],
  'image/jpx': ['jpeg2000'],
  'image/jpm': ['jpeg2000'],
  'image/j2c': ['jpeg2000'],
  'image/x-jp2-codestream': ['jpeg2000'],
  'image/jxl': ['libjxl'],
  'image/jls': ['jpegls'],
  'image/x-pcx': ['pcx'],
  'image/vnd.zbrush.pcx': ['pcx'],
  'image/x-portable-bitmap': ['pbm'],
  'image/x-portable-graymap': ['pgm'],
  'image/x-portable-pixmap': ['ppm'],
  'image/x-portable-anymap': ['ppm', 'pgm', 'pbm', 'pam'],
  'image/x-portable-arbitrarymap': ['pam'],
  'image/sgi': ['sgi'],
  'image/x-sgi': ['sgi'],
  'image/qoi': ['qoi'],
  'image/vnd.ms-dds': ['dds'],
  'image/x-dds': ['dds'],
  'image/x-exr': ['exr'],
  'image/vnd.radiance': ['hdr'],
  'image/x-xbitmap': ['xbm'],
  'image/x-xpixmap': ['xpm'],
  'image/x-sun-raster': ['sunrast'],
  'image/dpx': ['dpx'],
  // Second decoder, after sharp. Animations give their first frame.
  'image/jpeg': ['mjpeg'],
  'image/png': ['png'],
  'image/apng': ['png'],
  'image/gif': ['gif'],
  'image/tiff': ['tiff'],
  'image/webp': ['webp'],
}

export const ffmpegDecoder: Decoder = {
  name: 'ffmpeg',
  mediaTypes: Object.keys(CODECS),
  load: loadFfmpeg,
  decode: async (bytes, mediaType, limits) => {
    const library = ffmpeg()
    if ('missing' in library)
      return {
        ok: false,
        reason: 'unsupported-format',
        detail: { code: 'no-library', params: { text: library.missing } },
      }
    if (mediaType === 'image/jxl' && !looksLikeJxl(bytes)) return failed({ code: 'no-signature', params: {} })
    let last: Decoded = { ok: false, reason: 'unsupported-format', detail: noDecoder(mediaType) }
    for (const codec of CODECS[mediaType] ?? []) {
      last = await decodeWith(library, codec, bytes, limits)
      if (last.ok) return last
    }
    return last
  },
}

/** FFmpeg's bridge to libjxl waits forever for more bytes of a file without signature (measured with one byte). */
function looksLikeJxl(bytes: Buffer): boolean {
  return (
    bytes.length >= 16 &&
    ['ff0a', '0000000c4a584c200d0a870a'].some((start) => bytes.toString('hex', 0, 12).startsWith(start))
  )
}

/** Strict first. A file that the strict decoder refuses is decoded once more with damage allowed. */
async function decodeWith(
  library: Ffmpeg,
  codec: string,
  bytes: Buffer,
  limits: DecodeLimits,
): Promise<Decoded> {
  forgetWords()
  const strict = await attempt(library, codec, bytes, limits, {
    err_detect: 'crccheck+bitstream+buffer+explode',
  })
  if (strict.ok || strict.reason !== 'decode-failed') return strict
  const lenient = await attempt(library, codec, bytes, limits, { flags: '+output_corrupt' })
  return lenient.ok ? { ...lenient, leniently: strict.detail } : lenient
}

async function attempt(
  library: Ffmpeg,
  name: string,
  bytes: Buffer,
  limits: DecodeLimits,
  options: Readonly<Record<string, string>>,
): Promise<Decoded> {
  const { av } = library
  const codec = av.Codec.findDecoderByName(name as Parameters<typeof av.Codec.findDecoderByName>[0])
  if (!codec) return { ok: false, reason: 'unsupported-format', detail: noDecoder(name) }
  const context = new av.CodecContext()
  const packet = new av.Packet()
  const frame = new av.Frame()
  const rgbFrames = new RgbFrames(library)
  try {
    context.allocContext3(codec)
    context.threadCount = 1
    const dictionary = av.Dictionary.fromObject({ max_pixels: String(limits.pixels), ...options })
    const opened = await context.open2(codec, dictionary)
    if (opened < 0) return failed(libraryText(ffmpegError(library, opened)))
    packet.alloc()
    packet.data = bytes
    const sent = context.sendPacketSync(packet)
    if (sent < 0) return refusal(ffmpegError(library, sent))
    context.sendPacketSync(null)
    frame.alloc()
    const received = context.receiveFrameSync(frame)
    if (received < 0) return refusal(ffmpegError(library, received))
    const over = overPixelLimit(frame.width, frame.height, limits)
    if (over) return over
    const picture = rgbFrames.of(frame)
    if (!picture)
      return {
        ok: false,
        reason: 'unsupported-format',
        detail: { code: 'pixel-format', params: { codec: name, format: frame.format } },
      }
    const { width, height, rgb } = picture
    return {
      ok: true,
      picture: { width, height, channels: 3, data: rgb, orientation: 1 },
      leniently: frame.decodeErrorFlags === 0 ? null : { code: 'errors-concealed', params: {} },
      pages: 1,
      format: name,
    }
  } catch (error) {
    const detail = detailOf(error)
    return { ok: false, reason: isMemoryError(error) ? 'out-of-memory' : 'decode-failed', detail }
  } finally {
    rgbFrames.close()
    frame.free()
    packet.free()
    context.freeContext()
  }
}

/** Reason from the return code and the log: FFmpeg has no separate code for its pixel limit. */
async function refusal(code: string): Promise<Decoded> {
  const words = await lastWords()
  const limit = words.find((line) => /exceeds specified max pixel count/.test(line))
  if (limit)
    return { ok: false, reason: 'over-pixel-limit', detail: libraryText(limit.split(', see')[0] as string) }
  return failed(libraryText([code, words.at(-1)].filter(Boolean).join(': ')))
}

function failed(detail: Detail): Decoded {
  return { ok: false, reason: isMemoryError(inShort(detail)) ? 'out-of-memory' : 'decode-failed', detail }
}
