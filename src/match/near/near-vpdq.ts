/**
 * Compares videos with a list of videos in both directions: the share of ours that occurs in the listed video, and the
 * share of that in ours.
 *
 * Shares count seconds, because frames are hashed at many rates. The reference's share is of one frame a second; a
 * frame found among ten of a second means that the second is found.
 * So lists with every frame, lists with one frame a second in another phase, parts of a video and longer videos all
 * give the same result.
 *
 * Distances count up to and including the limit, as for pictures. (The reference's C++ compares videos with "less than"
 * and pictures with "at most"; one rule is easier to explain.)
 *
 * @see https://github.com/facebook/ThreatExchange/tree/main/vpdq (its 80 % of the query and 0 % of the other way)
 */
import type { Share } from '../../contracts/finding.ts'
import { NearIndex, PDQ_MAX_DISTANCE_BITS } from './near-index.ts'
import { HASH_BYTES } from './near-kernel.ts'

/** A frame of the content, of quality 50 or more. */
export interface OwnFrame {
  /** 32 bytes, most significant first. */
  readonly hash: Uint8Array
  readonly quality: number
  /**
   * Second in which the frame is counted. Frames without one count for themselves, and not at all where others have
   * one.
   */
  readonly second: number | null
}

/** Frames of the videos of one list, by position. */
export interface ListedFrames {
  readonly hashes: Uint8Array
  readonly videoOf: Uint32Array
  readonly secondOf: Uint32Array
}

export interface VideoFound {
  readonly video: number
  readonly ours: Share
  readonly listed: Share
  /** Distinct frames of ours that are found, and frames of the list's; of how many each. */
  readonly frames: number
  readonly framesOf: number
  readonly listedFrames: number
  readonly listedFramesOf: number
  /** Of the closest of all pairs: how far apart, our quality, and the record of the list. */
  readonly distanceBits: number
  readonly quality: number
  readonly record: number
}

/** The reference's: 80 of 100. Here of either side, see {@link isAlike}. */
const ALIKE_PERCENT = 80
/** Of the seconds, where frames are counted instead. */
const HALF_PERCENT = 50
/** One frame in common is a picture in common: a title, a test card, a frame of black with a logo. */
const DISTINCT_FRAMES = 3

export class VideoIndex {
  readonly #frames: ListedFrames
  readonly #index: NearIndex
  /** Frames by video: `#order` from `#starts[video]` to `#starts[video + 1]`. */
  readonly #starts: Uint32Array
  readonly #order: Uint32Array

  constructor(frames: ListedFrames, index = NearIndex.build(frames.hashes)) {
    this.#frames = frames
    this.#index = index
    const { videoOf } = frames
    let videos = 0
    for (const video of videoOf) if (video >= videos) videos = video + 1
    this.#starts = new Uint32Array(videos + 1)
    for (const video of videoOf) this.#starts[video + 1]!++
    for (let video = 0; video < videos; video++) this.#starts[video + 1]! += this.#starts[video]!
    this.#order = new Uint32Array(videoOf.length)
    const free = this.#starts.slice()
    for (let at = 0; at < videoOf.length; at++) this.#order[free[videoOf[at]!]!++] = at
  }

  /**
   * Every listed video with a frame within the distance of one of ours, by number. Exact: the result equals a full
   * comparison.
   */
  find(ours: readonly OwnFrame[]): VideoFound[] {
    const distinct = distinctFrames(ours)
    const tallies = new Map<number, Tally>()
    distinct.forEach(({ hash, quality }, own) => {
      for (const { index, distanceBits } of this.#index.query(hash, PDQ_MAX_DISTANCE_BITS)) {
        const video = this.#frames.videoOf[index]!
        let tally = tallies.get(video)
        if (!tally) {
          tally = { own: new Set(), listed: new Set(), distanceBits: 256, quality: 0, record: index }
          tallies.set(video, tally)
        }
        tally.own.add(own)
        tally.listed.add(index)
        if (distanceBits < tally.distanceBits) Object.assign(tally, { distanceBits, quality, record: index })
      }
    })
    const seconds = secondsOf(distinct.flatMap((one) => one.seconds))
    return [...tallies]
      .sort(([a], [b]) => a - b)
      .map(([video, { own, listed, ...closest }]) => ({
        video,
        ours: { found: secondsOf([...own].flatMap((at) => distinct[at]!.seconds)), of: seconds },
        listed: { found: this.#seconds(listed), of: this.#seconds(this.#framesOf(video)) },
        frames: own.size,
        framesOf: distinct.length,
        listedFrames: listed.size,
        listedFramesOf: this.#framesOf(video).length,
        ...closest,
      }))
  }

  /** The listed videos that are alike. */
  findAlike(ours: readonly OwnFrame[]): VideoFound[] {
    const distinct = distinctFrames(ours).length
    return this.find(ours).filter((found) =>
      isAlike(found, Math.max(distinct, this.#distinctOf(found.video))),
    )
  }

  /** Number of distinct hashes of a listed video, counted up to a maximum. */
  #distinctOf(video: number): number {
    const { hashes } = this.#frames
    const seen = new Set<string>()
    for (const at of this.#framesOf(video)) {
      seen.add(Buffer.from(hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES)).toString('latin1'))
      if (seen.size >= DISTINCT_FRAMES) break
    }
    return seen.size
  }

  #framesOf(video: number): Uint32Array {
    return this.#order.subarray(this.#starts[video]!, this.#starts[video + 1]!)
  }

  #seconds(frames: Iterable<number>): number {
    const seconds = new Set<number>()
    for (const at of frames) seconds.add(this.#frames.secondOf[at]!)
    return seconds.size
  }
}

/**
 * True where a comparison makes a match: four fifths of the seconds of either side, and three distinct frames of either.
 * Four fifths of a side's frames count too where half of its seconds are found: a second with one usable frame, as at
 * the end of a short clip, then decides nothing. Frames alone would match a moving title before a still scene.
 * @param distinct distinct frames of the side that has more: a still picture as a video has one, so three cannot be
 *   required of it
 */
export function isAlike(found: Shares, distinct: number): boolean {
  const { ours, listed, frames, framesOf, listedFrames, listedFramesOf } = found
  const isEnough = Math.max(frames, listedFrames) >= Math.min(DISTINCT_FRAMES, distinct)
  const ofOurs = reaches(ours, { found: frames, of: framesOf })
  const ofListed = reaches(listed, { found: listedFrames, of: listedFramesOf })
  return isEnough && (ofOurs || ofListed)
}

type Shares = Pick<VideoFound, 'ours' | 'listed' | 'frames' | 'framesOf' | 'listedFrames' | 'listedFramesOf'>

function reaches(seconds: Share, frames: Share): boolean {
  return isShare(seconds, ALIKE_PERCENT) || (isShare(seconds, HALF_PERCENT) && isShare(frames, ALIKE_PERCENT))
}

function isShare({ found, of }: Share, percent: number): boolean {
  return found > 0 && 100 * found >= percent * of
}

interface Tally {
  readonly own: Set<number>
  readonly listed: Set<number>
  readonly distanceBits: number
  readonly quality: number
  readonly record: number
}

interface DistinctFrame {
  readonly hash: Uint8Array
  readonly quality: number
  readonly seconds: readonly string[]
}

/** Equal hashes are one frame, with every second that has it and the best quality. In order of first appearance. */
function distinctFrames(frames: readonly OwnFrame[]): DistinctFrame[] {
  const distinct = new Map<string, { hash: Uint8Array; quality: number; seconds: string[] }>()
  const hasSeconds = frames.some(({ second }) => second !== null)
  frames.forEach(({ hash, quality, second }, at) => {
    const key = Buffer.from(hash).toString('latin1')
    const units = second !== null ? [`${second}`] : hasSeconds ? [] : [`frame ${at}`]
    const known = distinct.get(key)
    if (known) {
      known.seconds.push(...units)
      known.quality = Math.max(known.quality, quality)
    } else distinct.set(key, { hash, quality, seconds: units })
  })
  return [...distinct.values()]
}

function secondsOf(seconds: readonly string[]): number {
  return new Set(seconds).size
}
