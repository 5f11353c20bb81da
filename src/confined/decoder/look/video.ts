/** Media analysis of a video: frames by time and scene change, each hashed; distinct frames are classified. */

import { type Attribute, attribute } from '../../../contracts/attribute.ts'
import type { PerceptualHash } from '../../../contracts/finding.ts'
import { framePart, parseFramePart } from '../../../contracts/frame-part.ts'
import { notApplicable, notDone, type StageResult, withWarnings } from '../../../contracts/stage.ts'
import type { ByteSource } from '../../../formats/bytes/byte-source.ts'
import { type FrameHash, FrameHashes, secondOf } from '../../../formats/media/ffmpeg/frame-hashes.ts'
import { openVideo } from '../../../formats/media/ffmpeg/open-video.ts'
import type { VideoInfo } from '../../../formats/media/ffmpeg/video-info.ts'
import type { VideoFrame, VideoReader } from '../../../formats/media/ffmpeg/video-reader.ts'
import {
  type Sampled,
  samplePlan,
  seekThrough,
  walkWhole,
} from '../../../formats/media/ffmpeg/video-sample.ts'
import type { OriginCode } from '../../../formats/media/metadata/metadata.ts'
import { placeAttributes } from '../../../formats/places/place-of.ts'
import type { LookHeader } from '../../../wire/look.ts'
import { FrameSet } from './frame-set.ts'
import type { LookParts } from './look-parts.ts'

/** Method of choosing frames. */
type Sampling = 'key-frames' | 'seconds-and-scenes'

export interface VideoLook {
  readonly result: StageResult
  readonly attributes: readonly Attribute[]
  readonly hashes: readonly PerceptualHash[]
  readonly frames: FrameSet | null
}

/** Of one stream, whatever its length: the reply stays small. */
const SAMPLED_FRAMES = 600

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
    return { result, attributes: [], hashes: [], frames: null }
  }
  const { reader, others } = opened
  const frames = new FrameSet(parts, 'vpdq', header.preview !== 'never')
  try {
    const dense = new FrameHashes(parts.pdqOfPlane ?? null, reader.info.durationMs)
    const { complete, how } = await takeFrames(reader, frames, dense, header.frames)
    const missed = frames.sampled === 0 ? others.length : await takeOthers(header, source, others, frames)
    await frames.finish()
    return {
      result: resultOf(reader, frames, complete, missed),
      attributes: [
        ...attributesOf(reader, frames, how),
        ...hashedOf(frames, dense, how),
        ...originOf(reader.info, header.gps),
      ],
      hashes: [...frames.hashes, ...dense.kept.map(hashOf)],
      frames,
    }
  } finally {
    reader.close()
  }
}

/** Maximum number of analysed streams of one content, beside the stream that players show. */
const MOST_OTHERS = 7
/** Offset per stream for frame numbers of other streams, so that all frame numbers differ. */
const STREAM_STEP = 1_000_000_000

/** @returns the number of streams that were not analysed to their end */
async function takeOthers(
  header: LookHeader,
  source: ByteSource,
  others: readonly number[],
  frames: FrameSet,
): Promise<number> {
  let missed = Math.max(0, others.length - MOST_OTHERS)
  for (const index of others.slice(0, MOST_OTHERS)) {
    const opened = await openVideo(source, header.mediaType, { pixels: header.pixels }, index)
    if (!opened.ok) {
      missed++
      continue
    }
    try {
      const before = frames.sampled
      const none = new FrameHashes(null, null)
      const { complete } = await takeFrames(opened.reader, frames, none, header.frames, index)
      if (!complete || opened.reader.damaged > 0 || frames.sampled === before) missed++
    } finally {
      opened.reader.close()
    }
  }
  return missed
}

/** @param stream index of a stream other than the one that players show */
async function takeFrames(
  reader: VideoReader,
  frames: FrameSet,
  hashes: FrameHashes,
  frameLimit: number,
  stream: number | null = null,
): Promise<{ readonly complete: boolean; readonly how: Sampling }> {
  const plan = samplePlan(reader, frameLimit)
  const before = frames.sampled
  const first = stream === null ? 0 : (stream + 1) * STREAM_STEP
  const common = { reader, frames, first, most: before + SAMPLED_FRAMES, isMain: stream === null }
  if (!plan.whole) {
    const complete = await takeAll(
      { ...common, isWhole: false },
      seekThrough(reader, (a, b) => frames.differ(first + a, first + b), hashes),
    )
    if (frames.sampled > before) return { complete, how: 'key-frames' }
  }
  // Also when a container cannot seek: as much of the beginning as the budget allows.
  const complete = await takeAll(
    { ...common, isWhole: true },
    walkWhole(reader, plan.everyFrames, frameLimit, hashes),
  )
  return { complete: complete && frames.sampled < common.most, how: 'seconds-and-scenes' }
}

interface Takes {
  readonly reader: VideoReader
  readonly frames: FrameSet
  /** Offset of a frame's number. */
  readonly first: number
  readonly most: number
  readonly isMain: boolean
  readonly isWhole: boolean
}

async function takeAll(takes: Takes, samples: Generator<Sampled, boolean>): Promise<boolean> {
  for (;;) {
    const next = samples.next()
    if (next.done) return next.value
    if (takes.frames.sampled >= takes.most) return false
    await add(takes, next.value.frame)
  }
}

async function add({ reader, frames, first, isMain, isWhole }: Takes, frame: VideoFrame): Promise<void> {
  const picture = frame.rgb()
  if (!picture) {
    reader.damaged++
    return
  }
  const { orientation } = reader.info
  const { number, timeMs } = frame
  const second = isWhole ? { second: secondOf(timeMs) } : {}
  await frames.add({ ...picture, number: first + number, timeMs, orientation, ...second }, isMain)
}

function resultOf(reader: VideoReader, frames: FrameSet, complete: boolean, missed: number): StageResult {
  if (frames.sampled === 0) {
    return notDone('decode-failed', { code: 'no-frame', params: {} })
  }
  if (reader.damaged > 0) {
    const params = { damaged: reader.damaged, decoded: reader.decoded }
    return withWarnings('decoded-leniently', { code: 'packets-damaged', params })
  }
  if (!complete) return withWarnings('partly-examined', { code: 'end-not-reached', params: {} })
  if (missed > 0)
    return withWarnings('partly-examined', { code: 'streams-not-looked-at', params: { streams: missed } })
  if (frames.leftOut > 0) {
    const params = { frames: frames.leftOut }
    return withWarnings('partly-examined', { code: 'frames-not-classified', params })
  }
  if (frames.notJudged !== null) return withWarnings(frames.notJudged)
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
      sampled: frames.sampled,
      how,
      decoded,
    }),
    ...frames.summary,
  ]
}

/** Number and spacing of hashed frames. Frames between them are not compared with lists. */
function hashedOf(frames: FrameSet, { kept, hashed, everyMs }: FrameHashes, how: Sampling): Attribute[] {
  if (frames.hashes.length + kept.length === 0) return []
  const seconds = new Set(
    [...frames.hashes, ...kept.map(hashOf)].map(({ part }) => parseFramePart(part)?.second),
  )
  seconds.delete(null)
  return [
    attribute('frames-hashed', {
      hashed: frames.hashes.length + hashed,
      kept: frames.hashes.length + kept.length,
      seconds: seconds.size,
      everyMs: Math.round(everyMs),
      how,
    }),
  ]
}

function hashOf({ number, second, hex, quality }: FrameHash): PerceptualHash {
  return {
    kind: 'perceptual-hash',
    algorithm: 'vpdq',
    hex,
    quality,
    flavour: 'luma',
    part: framePart(number, second),
  }
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
  return rows.flatMap(([code, value]) => {
    if (!value) return []
    const text = value.slice(0, TAG_CHARACTERS)
    return [attribute(code, { text }), ...(code === 'gps-position' ? placeAttributes(text) : [])]
  })
}
