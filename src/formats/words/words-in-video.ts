/**
 * The text and codes that frames of a video show: frames at equal distances from its beginning to its end, each searched as a
 * picture is. A frame that looks like the one before is left out, and a line that stood in an earlier frame is not read again
 * into the text.
 */
import type { ByteSource } from '../bytes/byte-source.ts'
import type { ExtractedText, FrameReader } from '../documents/text-extractor.ts'
import { openVideo } from '../media/ffmpeg/open-video.ts'
import type { VideoFrame, VideoReader } from '../media/ffmpeg/video-reader.ts'
import { toPixels } from '../media/pixels/scale.ts'
import { joinedTexts } from './joined-text.ts'
import { readWhole } from './picture-text.ts'
import { LINES_OF_SEVERAL, type WordParts } from './read-lines.ts'

const MOST_FRAMES = 24
/** Frames are at least this far apart. */
const LEAST_STEP_MS = 500
/**
 * A frame is compared with the one before at this many pixels. It is the same picture where fewer values than one in a thousand
 * differ by more than a coder's noise: one word more on a slide is another picture.
 */
const COMPARED_SIDE = 192
const NOISE = 24
const SAME_SHARE = 0.001

export function frameReader(parts: WordParts): FrameReader {
  return async (source: ByteSource, mediaType, limits) => {
    const opened = await openVideo(source, mediaType, { pixels: limits.pixels })
    // Its media analysis says what became of the video.
    if (!opened.ok) return null
    const { reader } = opened
    try {
      return await shownIn(reader, parts, limits)
    } finally {
      reader.close()
    }
  }
}

async function shownIn(
  reader: VideoReader,
  parts: WordParts,
  limits: { readonly textChars: number },
): Promise<ExtractedText | null> {
  const texts: ExtractedText[] = []
  const seen = new Set<string>()
  const budget = { ...LINES_OF_SEVERAL }
  let before: Uint8Array | null = null
  let searched = 0
  for (const frame of framesOf(reader)) {
    const rgb = frame.rgb()
    if (rgb === null) continue
    const { orientation } = reader.info
    const picture = { ...rgb, channels: 3 as const, data: rgb.rgb, orientation }
    const small = (await toPixels(picture, COMPARED_SIDE)).rgb
    searched++
    if (before !== null && isSame(before, small)) continue
    before = small
    const at = { ms: Math.round(frame.timeMs) }
    texts.push(await readWhole(picture, parts, limits, { at, budget, seen }))
  }
  if (searched === 0) return null
  const joined = joinedTexts(texts, limits.textChars)
  const gate = texts.find(({ whenRead }) => whenRead !== undefined)?.whenRead
  return {
    ...joined,
    notes: [...(joined.notes ?? []), { code: 'frames-searched', params: { frames: searched } }],
    // The frames between were not searched: nothing is said of them.
    ...(gate ? { whenRead: gate } : { without: { result: 'done' } }),
  }
}

function* framesOf(reader: VideoReader): Generator<VideoFrame> {
  const durationMs = reader.info.durationMs ?? 0
  const step = Math.max(LEAST_STEP_MS, durationMs / MOST_FRAMES)
  let last = -1
  for (let i = 0; i < MOST_FRAMES && (i === 0 || i * step < durationMs); i++) {
    const frame = reader.keyFrameAt(i * step)
    // Key frames may be further apart than that.
    if (frame === null || frame.timeMs <= last) continue
    last = frame.timeMs
    yield frame
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let other = 0
  for (let i = 0; i < a.length; i++) if (Math.abs(a[i]! - b[i]!) > NOISE) other++
  return other < SAME_SHARE * a.length
}
