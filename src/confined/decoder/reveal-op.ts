/**
 * Wires the `reveal` operation: one picture, or frames of a video, decoded small for one view. Nothing is stored.
 */

import type { Pixels } from '../../contracts/content.ts'
import { sourceOfBuffer } from '../../formats/bytes/byte-source.ts'
import { openVideo } from '../../formats/media/ffmpeg/open-video.ts'
import type { VideoFrame, VideoReader } from '../../formats/media/ffmpeg/video-reader.ts'
import { walkWhole } from '../../formats/media/ffmpeg/video-sample.ts'
import { decodePicture, loadDecoders } from '../../formats/media/picture/decode.ts'
import { loadSharp } from '../../formats/media/pixels/decode-sharp.ts'
import type { Picture } from '../../formats/media/pixels/picture.ts'
import { toPixels } from '../../formats/media/pixels/scale.ts'
import { decodeSmall } from '../../formats/media/pixels/small-picture.ts'
import { lookOf } from '../../media-types/applies.ts'
import type { RevealHeader } from '../../wire/reveal.ts'
import type { RevealReply } from '../../wire/reveal-reply.ts'
import type { OpRun } from './op.ts'

export async function prepareRevealOp(): Promise<OpRun> {
  await loadDecoders()
  await loadSharp()
  return async ({ header, bytes }) => {
    const asked = header as RevealHeader
    return lookOf(asked.mediaType) === 'video' ? video(asked, bytes) : picture(asked, bytes)
  }
}

interface Answer {
  readonly header: RevealReply
  readonly bytes: Buffer
}

const NO_BYTES = Buffer.alloc(0)

async function picture(asked: RevealHeader, bytes: Buffer): Promise<Answer> {
  // From the picture itself: a thumbnail that the file embeds may show another picture.
  const quick = asked.tile ? await decodeSmall(bytes, asked.mediaType, asked) : null
  if (quick) return strip(asked, [await treated(asked, quick)])
  const decoded = await decodePicture(bytes, asked.mediaType, { pixels: asked.pixels })
  if (!decoded.ok) return { header: { shown: false, reason: decoded.reason }, bytes: NO_BYTES }
  return strip(asked, [await small(asked, decoded.picture)])
}

/** No sound is decoded. */
async function video(asked: RevealHeader, bytes: Buffer): Promise<Answer> {
  const opened = await openVideo(sourceOfBuffer(bytes), asked.mediaType, { pixels: asked.pixels })
  if (!opened.ok) {
    const reason = opened.reason === 'no-video-stream' ? 'not-a-picture' : opened.reason
    return { header: { shown: false, reason }, bytes: NO_BYTES }
  }
  const { reader } = opened
  try {
    const frames: Small[] = []
    for (const { rgb } of framesOver(reader, asked.frames)) {
      const found = rgb()
      if (found) frames.push(await small(asked, { ...found, data: found.rgb, channels: 3, orientation: 1 }))
    }
    if (frames.length === 0) return { header: { shown: false, reason: 'decode-failed' }, bytes: NO_BYTES }
    return strip(asked, frames)
  } finally {
    reader.close()
  }
}

/** Frames spread over the length, if it is known and the video is seekable; else the first frames, a second apart. */
function* framesOver(reader: VideoReader, most: number): Iterable<VideoFrame> {
  const { durationMs, framesPerSecond } = reader.info
  const seen = new Set<number>()
  for (let i = 0; durationMs !== null && i < most; i++) {
    const frame = reader.keyFrameAt(((i + 0.5) / most) * durationMs)
    if (frame === null || seen.has(frame.number)) continue
    seen.add(frame.number)
    yield frame
  }
  if (seen.size > 0) return
  let taken = 0
  for (const { frame } of walkWhole(reader, Math.max(1, Math.floor(framesPerSecond)), FRAME_LIMIT)) {
    if (taken++ === most) return
    yield frame
  }
}

/** Maximum number of frames that are decoded. */
const FRAME_LIMIT = 3000

interface Small {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

async function small(asked: RevealHeader, picture: Picture): Promise<Small> {
  const { width, height, rgb } = await toPixels(picture)
  const sharp = await loadSharp()
  const { data, info } = await sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength), {
    raw: { width, height, channels: 3 },
  })
    .resize(asked.longestSide, asked.longestSide, { fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return treated(asked, { width: info.width, height: info.height, rgb: data })
}

/** Blurred, or drawn: outlines stay, and details of a face or a text go. */
async function treated(
  { colour, blur, drawn }: RevealHeader,
  { width, height, rgb }: Pixels,
): Promise<Small> {
  const sharp = await loadSharp()
  let work = sharp(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength), {
    raw: { width, height, channels: 3 },
  })
  if (!colour) work = work.grayscale()
  if (drawn > 0) work = work.median(drawn)
  if (blur > 0) work = work.blur(blur)
  const { data, info } = await work.raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: colour ? data : firstChannel(data, info.channels) }
}

/** Some builds write grey as three equal channels. */
function firstChannel(data: Buffer, channels: number): Buffer {
  if (channels === 1) return data
  const grey = Buffer.alloc(data.length / channels)
  for (let i = 0; i < grey.length; i++) grey[i] = data[i * channels]!
  return grey
}

function strip({ colour }: RevealHeader, frames: readonly Small[]): Answer {
  return {
    header: {
      shown: true,
      channels: colour ? 3 : 1,
      frames: frames.map(({ width, height }) => ({ width, height })),
    },
    bytes: Buffer.concat(frames.map(({ data }) => data)),
  }
}
