/** One frame of a listed video, as every form of vPDQ has it. */
import { VPDQ } from '../records/algorithms.ts'
import type { ReadOptions } from '../records/format.ts'
import { extrasFrom, type RecordBatch } from '../records/record-batch.ts'

export interface ListedFrame {
  /** Name in the list; '' where the list is one video. */
  readonly video: string
  readonly frame: number
  /** 0–100. */
  readonly quality: number
  /** 64 hex digits, checked when the frame is stored. */
  readonly hash: string
  readonly seconds: number
  readonly category?: string | null
}

/** Frames below are too plain to match on: left out on both sides, as the reference does. */
const MIN_QUALITY = 50
/** How the reason ends that rejects a hash of low quality, of a picture too. */
export const TOO_PLAIN = 'to match on'
const SIGNAL_FRAME = /^([0-9a-f]{64}),(\d{1,3}),(\d+(?:\.\d+)?)$/i
const MOST_SECONDS = 0xffff_ffff

/** `hash,quality,timestamp`, as the reference's JSON has it. */
export function parseSignalFrame(text: string, video: string, frame: number): ListedFrame | null {
  const match = SIGNAL_FRAME.exec(text)
  return match && { video, frame, hash: match[1]!, quality: Number(match[2]), seconds: Number(match[3]) }
}

/** The text form of a signal as in the reference library. Other text is left to {@link faultOfFrames}. */
export function framesIn(value: string, video: string, category: string | null): ListedFrame[] {
  return [...value.matchAll(/(?<![0-9a-f])[0-9a-f]{64},\d{1,3},\d+(?:\.\d+)?/gi)].map(([text], i) => ({
    ...parseSignalFrame(text, video.slice(0, 200), i)!,
    category,
  }))
}

/** Every frame begins with a run of hex digits. @param read number of those that {@link framesIn} gave */
export function faultOfFrames(value: string, read: number): string | null {
  if (read === 0) return 'vPDQ is no list of "hash,quality,timestamp"'
  const stated = value.match(/[0-9a-f]{32,}/gi)?.length ?? 0
  return stated === read
    ? null
    : `${stated - read} of ${stated} frames of its vPDQ are not "hash,quality,timestamp"`
}

/** @param line of the list, or number of its item */
export function takeFrame(
  batch: RecordBatch,
  line: number,
  { video, frame, quality, hash, seconds, category = null }: ListedFrame,
  { extras }: ReadOptions,
): void {
  const second = Math.min(MOST_SECONDS, Math.floor(seconds))
  if (quality > 100) batch.reject(line, `quality ${quality} is over 100`)
  else if (quality < MIN_QUALITY)
    batch.reject(line, `quality ${quality} of 100: too plain a frame ${TOO_PLAIN}`)
  else if (!batch.writeFrame(hash, video, second)) batch.reject(line, 'the hash is not 64 hex digits')
  else {
    const more = { ...(video !== '' && { video }), frame, timestamp: seconds }
    batch.keep(line, VPDQ.bit, Number.NaN, category, extras ? extrasFrom(more) : null)
  }
}
