/** Parses heartbeats in the main process. A process that hostile bytes took over may send any bytes, in any pieces. */
import { BEAT_BYTES } from './heartbeat.ts'

export interface Beat {
  /** As PROGRESS names them: each from 0 to 2^31 − 1. */
  readonly batch: number
  readonly job: number
  readonly moved: number
  readonly within: number
}

export const NO_BEAT: Beat = { batch: 0, job: 0, moved: 0, within: 0 }

export class Beats {
  #rest: Buffer = Buffer.alloc(0)

  /** @returns the last beat that is whole now; null: none is */
  take(chunk: Buffer): Beat | null {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const end = bytes.length - (bytes.length % BEAT_BYTES)
    this.#rest = Buffer.from(bytes.subarray(end))
    if (end === 0) return null
    const at = end - BEAT_BYTES
    const number = (index: number) => Math.max(0, bytes.readInt32LE(at + 4 * index))
    return { batch: number(0), job: number(1), moved: number(2), within: number(3) }
  }
}

/** The work of a process: a beat for other work is no sign of progress. */
export interface InWork {
  readonly batch: number
  readonly jobs: number
  /** Mebibytes of a job, rounded up. */
  mebibytesOf(job: number): number
}

/** Beats at one place that count: a content that comes in short reads moves often in a mebibyte. */
const BEATS_A_PLACE = 256

/**
 * Whether a beat is a sign of progress: it reports a later position, or is one of a few hundred beats at the same
 * position. A process that only sends beats can report only as many positions as it has mebibytes and jobs; then it
 * counts as silent.
 */
export class Furthest {
  #beat = NO_BEAT
  #left = BEATS_A_PLACE

  /** @returns whether it moved */
  reached(beat: Beat, { batch, jobs, mebibytesOf }: InWork): boolean {
    const last = this.#beat
    if (beat.moved === last.moved || beat.batch !== batch || beat.job >= jobs) return false
    const order = beat.batch - last.batch || beat.job - last.job || beat.within - last.within
    if (order < 0 || beat.within > mebibytesOf(beat.job)) return false
    this.#left = order > 0 ? BEATS_A_PLACE : this.#left - 1
    this.#beat = beat
    return this.#left > 0
  }
}
