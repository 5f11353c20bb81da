/**
 * Which frames of a video are looked at. Decided by counts and pixels, never by the clock: the same video gives the
 * same frames on every machine.
 *
 * A short video is decoded whole: a frame a second (as vPDQ's reference counts them) and every scene change. A long one
 * is sampled at key frames over its whole length by seeking, then more densely where neighbouring samples differ.
 */
import type { VideoFrame, VideoReader } from './video-reader.ts'

/** Decoding everything stops paying above this: 2,170 frames of 720p, 240 of 4K. About ten seconds of one core. */
const WHOLE_PIXELS = 2_000_000_000
/** Mean difference of brightness samples, 0–255, that makes a scene change. Hard cuts measure 30–90, motion under 15. */
const SCENE_CHANGE = 25
/** Samples of a long video: first over the whole length, then between samples that differ. */
const FIRST_SAMPLES = 40
const ALL_SAMPLES = 72
/** Samples of a long video are at least this far apart. */
const LEAST_STEP_MS = 1000

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
    // As vPDQ's reference: every so many frames as there are in a second, rounded down.
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
): Generator<Sampled, boolean> {
  const most = Math.min(
    frameLimit,
    Math.max(everyFrames, Math.floor(WHOLE_PIXELS / (reader.info.width * reader.info.height || 1))),
  )
  let before: Uint8Array | null = null
  for (const frame of reader.frames()) {
    if (frame.number >= most) return false
    const quickPreview = frame.quickPreview()
    const changed =
      before !== null && quickPreview !== null && difference(before, quickPreview) > SCENE_CHANGE
    before = quickPreview
    if (frame.number % everyFrames === 0) yield { frame, reason: 'second' }
    else if (changed) yield { frame, reason: 'scene-change' }
  }
  return true
}

/**
 * Samples a long video by seeking. `differ` says whether two samples, named by their frame numbers, show different
 * things; between those it looks closer until ALL_SAMPLES is reached.
 */
export function* seekThrough(
  reader: VideoReader,
  differ: (earlier: number, later: number) => boolean,
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
  return first > 0 && misses <= first
}

function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs((a[i] as number) - (b[i] as number))
  return sum / a.length
}
