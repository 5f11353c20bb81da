/**
 * Selects the frames of a video to hash, besides the analysed ones, and the hashes to keep. The hashes are dense
 * enough that one of them is close to any frame of a listed video. That holds for a list made at another rate, in
 * another phase, or from a copy that lost a part of a second.
 *
 * Tested on the reference's three samples, with lists of one frame a second: in phase, a fifth and half of a second
 * later. Every frame hashed, and kept when it changed by more than ten bits, finds every listed frame; ten frames a
 * second do too. Six a second lose up to five of seven, one a second up to six. In a drawn clip that pans by 23 bits
 * a frame, ten a second lose some; every frame loses none.
 */

import { bitsApart } from '../../../hash/bits-apart.ts'
import type { PdqHash } from '../../../hash/pdq.ts'
import { difference, glimpseOf, type LumaPlane } from './luma-plane.ts'
import type { VideoFrame } from './video-reader.ts'

/**
 * Interval without visible motion. From a minute of video on, the interval grows so that the count of hashes stays
 * that of one minute, up to four hashes a second.
 */
const EVERY_MS = 100
const EVERY_MS_AT_MOST = 250
const HASHES = 600
/** Mean change of brightness samples, 0–255, that makes a frame due before its time. */
const MOVED = 1
/** Limit of hashes kept because of motion; beyond it, only frames whose time has come are hashed. */
const KEPT_FOR_MOVING = 1200
/**
 * A frame is not kept when it differs from the last kept one by at most this many bits. Still and slow videos
 * therefore take no space.
 */
const SAME_BITS = 10

export type PlaneHash = (plane: LumaPlane) => Pick<PdqHash, 'hex' | 'quality'>

export interface FrameHash {
  readonly number: number
  /** The second in which the hash is counted: of the video, or the start of the sample in a long video. */
  readonly second: number
  readonly hex: string
  readonly quality: number
}

export class FrameHashes {
  readonly kept: FrameHash[] = []
  /** Count of hashed frames, kept or not. */
  hashed = 0
  readonly everyMs: number
  readonly #hash: PlaneHash | null
  #next = Number.NEGATIVE_INFINITY
  #last: Uint8Array | null = null
  /** Samples of the last frame that was due. */
  #seen: Uint8Array | null = null

  /** @param hash null: no frame is hashed */
  constructor(hash: PlaneHash | null, durationMs: number | null) {
    this.#hash = hash
    this.everyMs = Math.min(EVERY_MS_AT_MOST, Math.max(EVERY_MS, (durationMs ?? 0) / HASHES))
  }

  /**
   * Hashes a frame when it is due. May be called once for each frame.
   * @param second in which the hash is counted
   * @param isLookedAt the converted picture of this frame is hashed elsewhere, so not here
   * @returns a few brightness samples; null for pixel formats without a brightness plane, which are not hashed here
   */
  quickPreview(frame: VideoFrame, second: number, isLookedAt = false): Uint8Array | null {
    return frame.luma((plane) => {
      const seen = glimpseOf(plane)
      if (this.#hash !== null && this.#isWanted(frame.timeMs, seen)) {
        this.#wait(frame.timeMs)
        this.#seen = seen
        if (!isLookedAt) this.#take(this.#hash(plane), frame.number, second)
      }
      return seen
    })
  }

  #isWanted(timeMs: number, seen: Uint8Array): boolean {
    if (timeMs >= this.#next || this.#seen === null) return true
    return this.kept.length < KEPT_FOR_MOVING && difference(this.#seen, seen) > MOVED
  }

  /** After a jump, backwards or forwards, the next frame is due. */
  jumped(): void {
    this.#next = Number.NEGATIVE_INFINITY
    this.#last = null
    this.#seen = null
  }

  /**
   * The due time does not simply add to the time of this frame, because a slightly late frame would then delay all
   * following ones.
   */
  #wait(timeMs: number): void {
    const due = this.#next + this.everyMs
    this.#next = due > timeMs ? due : timeMs + this.everyMs
  }

  #take({ hex, quality }: ReturnType<PlaneHash>, number: number, second: number): void {
    this.hashed++
    const hash = Buffer.from(hex, 'hex')
    const isSame = this.#last !== null && bitsApart(this.#last, hash) <= SAME_BITS
    // Every second keeps at least one hash, because seconds are counted.
    if (isSame && this.kept.at(-1)?.second === second) return
    this.#last = hash
    this.kept.push({ number, second, hex, quality })
  }
}

export function secondOf(timeMs: number): number {
  return Math.floor(timeMs / 1000)
}
