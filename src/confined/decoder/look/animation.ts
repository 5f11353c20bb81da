/**
 * Further pictures of a picture file: frames of GIF, APNG and sequences of AVIF and HEIC with FFmpeg; frames of WebP,
 * pages of TIFF and AVIF with sharp, page by page; further pictures of HEIC and icons. For other formats only a warning
 * reports further pictures.
 */

import type { Detail } from '../../../contracts/detail.ts'
import { type StageResult, withWarnings } from '../../../contracts/stage.ts'
import { sourceOfBuffer } from '../../../formats/bytes/byte-source.ts'
import { detailOf, inShort } from '../../../formats/bytes/coded-error.ts'
import { openVideo } from '../../../formats/media/ffmpeg/open-video.ts'
import { walkWhole } from '../../../formats/media/ffmpeg/video-sample.ts'
import { otherHeifPictures } from '../../../formats/media/heif/decode-heif.ts'
import { HEIF_TYPES, hasTrack, standingBeside } from '../../../formats/media/heif/heif-pictures.ts'
import { isAlike } from '../../../formats/media/picture/alike.ts'
import { otherIcons } from '../../../formats/media/picture/decode-ico.ts'
import { layersOf } from '../../../formats/media/picture/photoshop-layers.ts'
import { loadSharp } from '../../../formats/media/pixels/decode-sharp.ts'
import type { Decoded, Picture } from '../../../formats/media/pixels/picture.ts'
import type { LookHeader } from '../../../wire/look.ts'
import type { RawFrame } from './frame-set.ts'

/** Analysed pages, spread over all pages: each frame of a WebP needs the decoding of all earlier frames. */
const PAGES = 16
/** Analysed frames of a GIF or APNG, spread over all frames within the limits. */
const FRAMES = 64

/** @returns null if there are no further pictures; else the result of their analysis */
export async function animationFrames(
  bytes: Buffer,
  header: LookHeader,
  decoded: Extract<Decoded, { ok: true }>,
  each: (frame: RawFrame) => Promise<void>,
): Promise<StageResult | null> {
  const { mediaType } = header
  const { pages } = decoded
  if (HEIF_TYPES.has(mediaType) && hasTrack(bytes)) return throughFfmpeg(bytes, header, each)
  if (mediaType === 'image/vnd.adobe.photoshop') return ofLayers(layersOf(bytes))
  if (HEIF_TYPES.has(mediaType)) return ofHeif(bytes, header, pages, each)
  if (pages <= 1) return isApng(bytes, mediaType) ? throughFfmpeg(bytes, header, each) : null
  if (mediaType === 'image/gif') return throughFfmpeg(bytes, header, each)
  if (mediaType === 'image/webp' || mediaType === 'image/tiff')
    return throughSharp(bytes, header, pages, each)
  if (decoded.format === 'ico') return throughDecoder(otherIcons(bytes, header), pages, each, decoded.picture)
  return passedOver(pages - 1)
}

function ofLayers(layers: number): StageResult | null {
  // The main picture itself counts as one layer.
  return layers > 1 ? passedOver(layers) : null
}

async function ofHeif(
  bytes: Buffer,
  header: LookHeader,
  pages: number,
  each: (frame: RawFrame) => Promise<void>,
): Promise<StageResult | null> {
  // Items that are hidden are in no list.
  const hidden = Math.max(0, standingBeside(bytes) - (pages - 1))
  if (pages <= 1) return hidden > 0 ? passedOver(hidden) : null
  const result =
    header.mediaType === 'image/avif'
      ? await throughSharp(bytes, header, pages, each)
      : await throughDecoder(otherHeifPictures(bytes, header), pages, each)
  return result.result === 'done' && hidden > 0 ? passedOver(hidden) : result
}

async function throughDecoder(
  others: AsyncIterable<Decoded>,
  pages: number,
  each: (frame: RawFrame) => Promise<void>,
  shown: Picture | null = null,
): Promise<StageResult> {
  let number = 0
  for await (const other of others) {
    if (++number > PAGES) return passedOver(pages - 1 - PAGES)
    if (!other.ok) {
      const text = inShort(other.detail)
      return partly({ code: 'page-not-decoded', params: { page: number + 1, of: pages, text } })
    }
    // An icon is one picture in many sizes, nearly always.
    if (shown && isAlike(shown, other.picture)) continue
    const { width, height, data, channels, orientation } = other.picture
    const rgb = channels === 3 ? data : withoutAlpha(data)
    await each({ width, height, rgb, number, timeMs: 0, orientation })
  }
  return { result: 'done' }
}

function withoutAlpha(data: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4) {
    rgb[to++] = data[from]!
    rgb[to++] = data[from + 1]!
    rgb[to++] = data[from + 2]!
  }
  return rgb
}

function passedOver(pictures: number): StageResult {
  return partly({ code: 'pictures-passed-over', params: { pictures } })
}

/** An APNG has an acTL chunk before its first IDAT. */
function isApng(bytes: Buffer, mediaType: string): boolean {
  if (mediaType !== 'image/apng' && mediaType !== 'image/png') return false
  for (let at = 8; at + 12 <= bytes.length; ) {
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'acTL') return at + 12 <= bytes.length && bytes.readUInt32BE(at + 8) > 1
    if (type === 'IDAT') return false
    at += 12 + bytes.readUInt32BE(at)
  }
  return false
}

async function throughFfmpeg(
  bytes: Buffer,
  header: LookHeader,
  each: (frame: RawFrame) => Promise<void>,
): Promise<StageResult> {
  const opened = await openVideo(sourceOfBuffer(bytes), header.mediaType, { pixels: header.pixels })
  if (!opened.ok) return partly({ code: 'frames-unreadable', params: { said: inShort(opened.detail) } })
  const { reader } = opened
  try {
    const walk = walkWhole(reader, 1, header.frames)
    const { framesPerSecond, durationMs } = reader.info
    const expected = durationMs === null ? 0 : (durationMs / 1000) * framesPerSecond
    const every = Math.max(1, Math.ceil(expected / FRAMES))
    let taken = 0
    for (;;) {
      const next = walk.next()
      if (next.done)
        return next.value
          ? { result: 'done' }
          : partly({ code: 'over-frames', params: { limit: header.frames } })
      const { number, timeMs, rgb } = next.value.frame
      if (number === 0 || number % every !== 0) continue
      if (taken++ >= 4 * FRAMES) return partly({ code: 'over-frames', params: { limit: header.frames } })
      const picture = rgb()
      if (picture) await each({ ...picture, number, timeMs, orientation: 1 })
    }
  } finally {
    reader.close()
  }
}

async function throughSharp(
  bytes: Buffer,
  header: LookHeader,
  pages: number,
  each: (frame: RawFrame) => Promise<void>,
): Promise<StageResult> {
  if (pages > header.frames)
    return partly({ code: 'over-frames', params: { frames: pages, limit: header.frames } })
  const sharp = await loadSharp()
  const count = Math.min(PAGES, pages - 1)
  for (let i = 1; i <= count; i++) {
    const page = Math.round((i * (pages - 1)) / count)
    try {
      const { data, info } = await sharp(bytes, {
        page,
        pages: 1,
        failOn: 'none',
        limitInputPixels: header.pixels,
      })
        .toColourspace('srgb')
        .removeAlpha()
        .raw({ depth: 'uchar' })
        .toBuffer({ resolveWithObject: true })
      await each({
        width: info.width,
        height: info.height,
        rgb: data,
        number: page,
        timeMs: 0,
        orientation: 1,
      })
    } catch (error) {
      const text = inShort(detailOf(error))
      return partly({ code: 'page-not-decoded', params: { page: page + 1, of: pages, text } })
    }
  }
  // Frames of an animation are alike; the pages of a document are not.
  const passedOver = pages - 1 - count
  return header.mediaType === 'image/tiff' && passedOver > 0
    ? partly({ code: 'pages-passed-over', params: { pages: passedOver, of: pages } })
    : { result: 'done' }
}

function partly(detail: Detail): StageResult {
  return withWarnings('partly-examined', detail)
}
