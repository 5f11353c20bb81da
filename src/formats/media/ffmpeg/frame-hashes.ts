/**
 * Which frames of a video are hashed beside those that are looked at, and which hashes are kept: so many that some frame of ours lies
 * close to any frame of a list that was made at another rate, in another phase, or of a copy that lost a part of a second.
 *
 * Tried on the reference's three samples with lists of one frame a second, in phase, a fifth and half of a second later: every frame
 * hashed and kept where it changed by more than ten bits finds every listed frame, as do ten a second; six a second lose up to five
 * of seven, one a second up to six. Where a drawn clip pans by 23 bits a frame, ten a second lose some; every frame loses none.
 */

import { bitsApart } from '../../../hash/bits-apart.ts'
import type { PdqHash } from '../../../hash/pdq.ts'
import { difference, glimpseOf, type LumaPlane } from './luma-plane.ts'
import type { VideoFrame } from './video-reader.ts'

/** Where nothing seems to move; from a minute of video on so many hashes as a minute has, until four a second are left. */
const EVERY_MS = 100
const EVERY_MS_AT_MOST = 250
const HASHES = 600
/** Mean change of brightness samples, 0–255, with which a frame is hashed before its time. */
const MOVED = 1
/** So many are kept for having moved; after them, those whose time has come. */
const KEPT_FOR_MOVING = 1200
/** A frame that differs from the one kept before by no more bits is not kept: still pictures and slow ones take no room. */
const SAME_BITS = 10

export type PlaneHash = (plane: LumaPlane) => Pick<PdqHash, 'hex' | 'quality'>

export interface FrameHash {
  readonly number: number
  /** The second that it is counted in: of the video, or in which the sample of a long one begins. */
  readonly second: number
  readonly hex: string
  readonly quality: number
}

export class FrameHashes {
  readonly kept: FrameHash[] = []
  /** Frames that were hashed, kept or not. */
  hashed = 0
  readonly everyMs: number
  readonly #hash: PlaneHash | null
  #next = Number.NEGATIVE_INFINITY
  #last: Uint8Array | null = null
  /** Samples of the frame that was wanted last. */
  #seen: Uint8Array | null = null

  /** @param hash null: nothing is hashed */
  constructor(hash: PlaneHash | null, durationMs: number | null) {
    this.#hash = hash
    this.everyMs = Math.min(EVERY_MS_AT_MOST, Math.max(EVERY_MS, (durationMs ?? 0) / HASHES))
  }

  /**
   * Hashes a frame when its time has come. To be asked once a frame.
   * @param second what it is counted in
   * @param isLookedAt its converted picture is hashed: not here
   * @returns a few samples of its brightness; null for pixel formats without a plane of it, which are not hashed here
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

  /** After a jump, backwards or forwards: the next frame is due. */
  jumped(): void {
    this.#next = Number.NEGATIVE_INFINITY
    this.#last = null
    this.#seen = null
  }

  /** Not by adding to this frame's time: frames that come a little late would put off all that follow. */
  #wait(timeMs: number): void {
    const due = this.#next + this.everyMs
    this.#next = due > timeMs ? due : timeMs + this.everyMs
  }

  #take({ hex, quality }: ReturnType<PlaneHash>, number: number, second: number): void {
    this.hashed++
    const hash = Buffer.from(hex, 'hex')
    const isSame = this.#last !== null && bitsApart(this.#last, hash) <= SAME_BITS
    // Every second keeps one, for seconds are counted.
    if (isSame && this.kept.at(-1)?.second === second) return
    this.#last = hash
    this.kept.push({ number, second, hex, quality })
  }
}

export function secondOf(timeMs: number): number {
  return Math.floor(timeMs / 1000)
}
