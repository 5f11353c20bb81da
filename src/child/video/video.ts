/** Looks at a video: frames by time and scene change, each hashed, the distinct ones classified. */

import type { Attribute, Examination } from '../../contracts/finding.ts'
import type { LookHeader } from '../../wire/look.ts'
import type { ByteSource } from '../containers/byte-source.ts'
import type { LookParts } from '../look/look-parts.ts'
import { clock, FrameSet } from './frame-set.ts'
import { openVideo } from './open-video.ts'
import type { VideoInfo } from './video-info.ts'
import type { VideoFrame, VideoReader } from './video-reader.ts'
import { type Sampled, samplePlan, seekThrough, walkWhole } from './video-sample.ts'

export interface VideoLook {
  readonly result: Examination['result']
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
    const result: Examination['result'] =
      reason === 'no-video-stream'
        ? { result: 'not-applicable', reason: 'not-a-picture', detail }
        : { result: 'not-done', reason, detail }
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
): Promise<{ readonly complete: boolean; readonly how: string }> {
  const plan = samplePlan(reader, frameLimit)
  if (!plan.whole) {
    const complete = await takeAll(
      reader,
      frames,
      seekThrough(reader, (a, b) => frames.differ(a, b)),
    )
    if (frames.hashes.length > 0) return { complete, how: 'key frames over the whole length' }
  }
  // Also when a container cannot seek: as much of the beginning as the budget allows.
  const complete = await takeAll(reader, frames, walkWhole(reader, plan.everyFrames, frameLimit))
  return {
    complete: complete && frames.hashes.length < HASHED_FRAMES,
    how: 'every second and scene change',
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

function resultOf(reader: VideoReader, frames: FrameSet, complete: boolean): Examination['result'] {
  if (frames.hashes.length === 0) {
    return { result: 'not-done', reason: 'decode-failed', detail: 'no frame could be decoded' }
  }
  if (reader.damaged > 0) {
    const detail = `${reader.damaged} damaged packets or frames among ${reader.decoded} decoded frames`
    return { result: 'done-with-warnings', reason: 'decoded-leniently', detail }
  }
  if (!complete || frames.leftOut > 0) {
    const detail = complete
      ? `${frames.leftOut} more distinct frames than are classified`
      : 'the end of the video was not reached'
    return { result: 'done-with-warnings', reason: 'partly-examined', detail }
  }
  return { result: 'done' }
}

function attributesOf({ info, decoded }: VideoReader, frames: FrameSet, how: string): Attribute[] {
  const { width, height, durationMs, framesPerSecond, codec, orientation } = info
  const attribute = (name: string, value: string): Attribute => ({ kind: 'attribute', name, value })
  return [
    attribute('dimensions', `${width}x${height}`),
    ...(durationMs === null ? [] : [attribute('duration', clock(durationMs))]),
    attribute('video-codec', codec),
    attribute('frame-rate', framesPerSecond.toFixed(2)),
    ...(orientation > 1 ? [attribute('exif-orientation', String(orientation))] : []),
    attribute(
      'frames-looked-at',
      `${frames.classified} distinct of ${frames.hashes.length} sampled (${how}), ${decoded} decoded`,
    ),
    ...frames.summary,
  ]
}

const TAG_CHARACTERS = 200

/** Camera and time as the container's tags have them, under the names that pictures use (metadata.ts). */
function originOf({ tags }: VideoInfo, gps: boolean): Attribute[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['camera-make', tags['com.apple.quicktime.make'] ?? tags['com.android.manufacturer'] ?? tags.make],
    ['camera-model', tags['com.apple.quicktime.model'] ?? tags['com.android.model'] ?? tags.model],
    ['software', tags['com.apple.quicktime.software'] ?? tags['com.android.version'] ?? tags.encoder],
    ['capture-time', tags['com.apple.quicktime.creationdate'] ?? tags.creation_time],
    ['gps-position', gps ? (tags['com.apple.quicktime.location.iso6709'] ?? tags.location) : undefined],
  ]
  return rows.flatMap(([name, value]) =>
    value ? [{ kind: 'attribute' as const, name, value: value.slice(0, TAG_CHARACTERS) }] : [],
  )
}
