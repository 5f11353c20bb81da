/** Looks at a video: frames by time and scene change, each hashed, the distinct ones classified. */

import { type Attribute, attribute } from '../../contracts/attribute.ts'
import { notApplicable, notDone, type StageResult, withWarnings } from '../../contracts/stage.ts'
import type { LookHeader } from '../../wire/look.ts'
import type { ByteSource } from '../containers/byte-source.ts'
import type { LookParts } from '../look/look-parts.ts'
import type { OriginCode } from '../look/metadata.ts'
import { FrameSet } from './frame-set.ts'
import { openVideo } from './open-video.ts'
import type { VideoInfo } from './video-info.ts'
import type { VideoFrame, VideoReader } from './video-reader.ts'
import { type Sampled, samplePlan, seekThrough, walkWhole } from './video-sample.ts'

/** How frames were chosen. */
type Sampling = 'key-frames' | 'seconds-and-scenes'

export interface VideoLook {
  readonly result: StageResult
  readonly attributes: readonly Attribute[]
  readonly frames: FrameSet | null
}

/** Hashes of one video, whatever its length: the reply stays small. */
const HASHED_FRAMES = 600

export async function lookAtVideo(
  parts: LookParts,
  header: LookHeader,
  source: ByteSource,
): Promise<VideoLook> {
  const opened = await openVideo(source, header.mediaType, { pixels: header.pixels })
  if (!opened.ok) {
    const { reason, detail } = opened
    const result =
      reason === 'no-video-stream' ? notApplicable('not-a-picture', detail) : notDone(reason, detail)
    return { result, attributes: [], frames: null }
  }
  const { reader } = opened
  const frames = new FrameSet(parts, 'vpdq', header.preview !== 'never')
  try {
    const { complete, how } = await takeFrames(reader, frames, header.frames)
    await frames.finish()
    return {
      result: resultOf(reader, frames, complete),
      attributes: [...attributesOf(reader, frames, how), ...originOf(reader.info, header.gps)],
      frames,
    }
  } finally {
    reader.close()
  }
}

async function takeFrames(
  reader: VideoReader,
  frames: FrameSet,
  frameLimit: number,
): Promise<{ readonly complete: boolean; readonly how: Sampling }> {
  const plan = samplePlan(reader, frameLimit)
  if (!plan.whole) {
    const complete = await takeAll(
      reader,
      frames,
      seekThrough(reader, (a, b) => frames.differ(a, b)),
    )
    if (frames.hashes.length > 0) return { complete, how: 'key-frames' }
  }
  // Also when a container cannot seek: as much of the beginning as the budget allows.
  const complete = await takeAll(reader, frames, walkWhole(reader, plan.everyFrames, frameLimit))
  return {
    complete: complete && frames.hashes.length < HASHED_FRAMES,
    how: 'seconds-and-scenes',
  }
}

async function takeAll(
  reader: VideoReader,
  frames: FrameSet,
  samples: Generator<Sampled, boolean>,
): Promise<boolean> {
  for (;;) {
    const next = samples.next()
    if (next.done) return next.value
    if (frames.hashes.length >= HASHED_FRAMES) return false
    await add(reader, frames, next.value.frame)
  }
}

async function add(reader: VideoReader, frames: FrameSet, frame: VideoFrame): Promise<void> {
  const picture = frame.rgb()
  if (!picture) {
    reader.damaged++
    return
  }
  const { orientation } = reader.info
  await frames.add({ ...picture, number: frame.number, timeMs: frame.timeMs, orientation })
}

function resultOf(reader: VideoReader, frames: FrameSet, complete: boolean): StageResult {
  if (frames.hashes.length === 0) {
    return notDone('decode-failed', { code: 'no-frame', params: {} })
  }
  if (reader.damaged > 0) {
    const params = { damaged: reader.damaged, decoded: reader.decoded }
    return withWarnings('decoded-leniently', { code: 'packets-damaged', params })
  }
  if (!complete || frames.leftOut > 0) {
    return withWarnings(
      'partly-examined',
      complete
        ? { code: 'frames-not-classified', params: { frames: frames.leftOut } }
        : { code: 'end-not-reached', params: {} },
    )
  }
  return { result: 'done' }
}

function attributesOf({ info, decoded }: VideoReader, frames: FrameSet, how: Sampling): Attribute[] {
  const { width, height, durationMs, framesPerSecond, codec, orientation } = info
  return [
    attribute('dimensions', { width, height }),
    ...(durationMs === null ? [] : [attribute('duration', { ms: Math.round(durationMs) })]),
    attribute('video-codec', { codec }),
    attribute('frame-rate', { per1000Seconds: Math.round(framesPerSecond * 1000) }),
    ...(orientation > 1 ? [attribute('exif-orientation', { orientation })] : []),
    attribute('frames-looked-at', {
      distinct: frames.classified,
      sampled: frames.hashes.length,
      how,
      decoded,
    }),
    ...frames.summary,
  ]
}

const TAG_CHARACTERS = 200

/** Camera and time as the container's tags have them, under the names that pictures use (metadata.ts). */
function originOf({ tags }: VideoInfo, gps: boolean): Attribute[] {
  const rows: readonly (readonly [OriginCode, string | undefined])[] = [
    ['camera-make', tags['com.apple.quicktime.make'] ?? tags['com.android.manufacturer'] ?? tags.make],
    ['camera-model', tags['com.apple.quicktime.model'] ?? tags['com.android.model'] ?? tags.model],
    ['software', tags['com.apple.quicktime.software'] ?? tags['com.android.version'] ?? tags.encoder],
    ['capture-time', tags['com.apple.quicktime.creationdate'] ?? tags.creation_time],
    ['gps-position', gps ? (tags['com.apple.quicktime.location.iso6709'] ?? tags.location) : undefined],
  ]
  return rows.flatMap(([code, value]) =>
    value ? [attribute(code, { text: value.slice(0, TAG_CHARACTERS) })] : [],
  )
}
