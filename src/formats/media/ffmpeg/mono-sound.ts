/**
 * Converts decoded frames to one channel of 32-bit floats at another rate. Every channel has the same weight: so a layout that the
 * file does not name (64 channels of a recorder) is mixed as well.
 */
import type * as Constants from 'node-av/constants'
import type * as Av from 'node-av/lib'
import type { Ffmpeg } from './ffmpeg.ts'

/** FFmpeg's resampler takes no more (SWR_CH_MAX). */
const MOST_CHANNELS = 64
/** Below a telephone's rate by far: a file that states 1 Hz would become 16,000 times as long. */
const LEAST_RATE = 1000

interface Form {
  readonly format: number
  readonly rate: number
  readonly channels: number
  readonly mask: bigint
}

export class MonoSound {
  readonly #library: Ffmpeg
  readonly #rate: number
  #form: Form | null = null
  #resampler: Av.SoftwareResampleContext | null = null
  #out: Buffer = Buffer.alloc(0)

  constructor(library: Ffmpeg, rate: number) {
    this.#library = library
    this.#rate = rate
  }

  /** @returns samples, valid until the next call; null for a frame that cannot be converted */
  of(frame: Av.Frame): Float32Array | null {
    const { nbSamples, extendedData } = frame
    const resampler = this.#for(frame)
    if (resampler === null || extendedData === null || nbSamples <= 0) return null
    return this.#converted(resampler, extendedData, nbSamples)
  }

  /** Samples that the resampler still holds. */
  rest(): Float32Array {
    return (this.#resampler && this.#converted(this.#resampler, null, 0)) ?? new Float32Array(0)
  }

  /** After a jump, nothing of before is heard. */
  forget(): void {
    this.close()
  }

  close(): void {
    this.#resampler?.free()
    this.#resampler = null
    this.#form = null
  }

  #converted(
    resampler: Av.SoftwareResampleContext,
    planes: Buffer[] | null,
    count: number,
  ): Float32Array | null {
    const room = Math.max(0, resampler.getOutSamples(count))
    if (this.#out.length < room * 4) this.#out = Buffer.alloc(room * 4)
    const got = resampler.convertSync([this.#out], room, planes, count)
    return got < 0 ? null : new Float32Array(this.#out.buffer, this.#out.byteOffset, got)
  }

  #for(frame: Av.Frame): Av.SoftwareResampleContext | null {
    const { sampleRate: rate, format, channels, channelLayout } = frame
    const form = { format: Number(format), rate, channels, mask: channelLayout.mask }
    const known = this.#form
    if (
      known !== null &&
      known.format === form.format &&
      known.rate === rate &&
      known.channels === channels &&
      known.mask === form.mask
    )
      return this.#resampler
    this.close()
    if (rate < LEAST_RATE || channels < 1 || channels > MOST_CHANNELS) return null
    const { av, constants } = this.#library
    const resampler = new av.SoftwareResampleContext()
    const set = resampler.allocSetOpts2(
      constants.AV_CHANNEL_LAYOUT_MONO,
      constants.AV_SAMPLE_FMT_FLT,
      this.#rate,
      channelLayout,
      format as Constants.AVSampleFormat,
      rate,
    )
    const mixed = set < 0 ? set : resampler.setMatrix(new Array(channels).fill(1 / channels), channels)
    if (mixed < 0 || resampler.init() < 0) {
      resampler.free()
      return null
    }
    this.#form = form
    this.#resampler = resampler
    return resampler
  }
}
