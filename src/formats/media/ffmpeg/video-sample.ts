/**
 * Selects the frames of a video for analysis. Counts and pixels decide, never the clock: the same video gives the
 * same frames on every machine.
 *
 * A short video is decoded completely: one frame for each second (as vPDQ's reference counts them) and every scene
 * change. A long video is sampled at key frames over its whole length by seeking, then more densely where
 * neighbouring samples differ.
 */
import { FrameHashes, secondOf } from './frame-hashes.ts'
import { difference } from './luma-plane.ts'
import type { VideoFrame, VideoReader } from './video-reader.ts'

/** Above this, complete decoding is too expensive: 2,170 frames of 720p, 240 of 4K. About ten seconds of one core. */
const WHOLE_PIXELS = 2_000_000_000
/**
 * Mean difference of brightness samples, 0–255, that counts as a scene change. Hard cuts measure 30–90, motion under
 * 15.
 */
const SCENE_CHANGE = 25
/** Samples of a long video: first over the whole length, then between samples that differ. */
const FIRST_SAMPLES = 40
const ALL_SAMPLES = 72
/** Samples of a long video are at least this far apart. */
const LEAST_STEP_MS = 1000
/**
 * In a long video, whole seconds are hashed but not analysed: a list with one frame a second has a frame in each of
 * them.
 */
const HASHED_MS = 1000
/**
 * Pixel budget for hashing (five seconds of one core), which grows with each second of the video. At least six
 * seconds are hashed.
 */
const HASHED_PIXELS = 1_000_000_000
const HASHED_PIXELS_A_SECOND = 500_000
const LEAST_HASHED = 6

export interface Sampled {
  readonly frame: VideoFrame
  readonly reason: 'second' | 'scene-change' | 'sample'
}

export interface SamplePlan {
  readonly whole: boolean
  readonly everyFrames: number
}

export function samplePlan({ info }: VideoReader, frameLimit: number): SamplePlan {
  const { width, height, durationMs, framesPerSecond } = info
  const frames = durationMs === null ? 0 : (durationMs / 1000) * framesPerSecond
  return {
    whole: frames <= frameLimit && frames * width * height <= WHOLE_PIXELS,
    // As in vPDQ's reference: one frame in every N, where N is the frame rate, rounded down.
    everyFrames: Math.max(1, Math.floor(framesPerSecond)),
  }
}

/**
 * Walks a video from its beginning.
 * @returns whether the end was reached before `frameLimit` or the pixel budget
 */
export function* walkWhole(
  reader: VideoReader,
  everyFrames: number,
  frameLimit: number,
  hashes = new FrameHashes(null, null),
): Generator<Sampled, boolean> {
  const most = Math.min(
    frameLimit,
    Math.max(everyFrames, Math.floor(WHOLE_PIXELS / (reader.info.width * reader.info.height || 1))),
  )
  let before: Uint8Array | null = null
  for (const frame of reader.frames()) {
    if (frame.number >= most) return false
    const isDue = frame.number % everyFrames === 0
    const quickPreview = hashes.quickPreview(frame, secondOf(frame.timeMs), isDue)
    const changed =
      before !== null && quickPreview !== null && difference(before, quickPreview) > SCENE_CHANGE
    before = quickPreview
    if (isDue) yield { frame, reason: 'second' }
    else if (changed) yield { frame, reason: 'scene-change' }
  }
  return true
}

/**
 * Samples a long video by seeking. `differ` decides whether two samples, identified by frame number, show different
 * content. More samples are taken between those, up to ALL_SAMPLES.
 */
export function* seekThrough(
  reader: VideoReader,
  differ: (earlier: number, later: number) => boolean,
  hashes: FrameHashes,
): Generator<Sampled, boolean> {
  const durationMs = reader.info.durationMs as number
  const seen = new Map<number, number>()
  let misses = 0
  const sampleAt = function* (timeMs: number): Generator<Sampled> {
    const frame = reader.keyFrameAt(timeMs)
    if (frame === null) misses++
    else if (!seen.has(frame.number)) {
      seen.set(frame.number, frame.timeMs)
      yield { frame, reason: 'sample' }
    }
  }
  const step = Math.max(durationMs / FIRST_SAMPLES, LEAST_STEP_MS)
  for (let at = 0; at < durationMs; at += step) yield* sampleAt(at)
  const first = seen.size
  for (let round = 0; round < 4 && seen.size < ALL_SAMPLES; round++) {
    const inOrder = [...seen].sort(([, a], [, b]) => a - b)
    const before = seen.size
    for (let i = 1; i < inOrder.length && seen.size < ALL_SAMPLES; i++) {
      const [earlier, from] = inOrder[i - 1] as [number, number]
      const [later, to] = inOrder[i] as [number, number]
      if (to - from >= 2 * LEAST_STEP_MS && differ(earlier, later)) yield* sampleAt((from + to) / 2)
    }
    if (seen.size === before) break
  }
  hashSeconds(reader, durationMs, hashes)
  return first > 0 && misses <= first
}

/** Hashes seconds spread evenly over the video, each from the key frame before it. */
function hashSeconds(reader: VideoReader, durationMs: number, hashes: FrameHashes): void {
  const { width, height, framesPerSecond } = reader.info
  const pixels = HASHED_PIXELS + (durationMs / 1000) * HASHED_PIXELS_A_SECOND
  const affordable = Math.floor(pixels / (framesPerSecond * width * height || 1))
  const count = Math.min(Math.floor(durationMs / (2 * HASHED_MS)), Math.max(LEAST_HASHED, affordable))
  let last = -1
  for (let i = 0; i < count; i++) {
    const frame = reader.keyFrameAt(((i + 0.5) * durationMs) / count)
    // Key frames may be further apart than these seconds.
    if (frame === null || frame.timeMs <= last) continue
    last = frame.timeMs
    hashSecond(reader, frame, hashes)
  }
}

function hashSecond(reader: VideoReader, first: VideoFrame, hashes: FrameHashes): void {
  const from = first.timeMs
  hashes.jumped()
  hashes.quickPreview(first, secondOf(from))
  for (const frame of reader.framesOn()) {
    if (frame.timeMs >= from + HASHED_MS) break
    hashes.quickPreview(frame, secondOf(from))
  }
}
