/**
 * Decoded sound of an opened file (open-sound.ts): one channel, 16,000 samples a second, in order. One packet is in memory at a time,
 * so the length that a file states costs nothing.
 */
import type * as Av from 'node-av/lib'
import type { OpenedInput } from './byte-callbacks.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { MonoSound } from './mono-sound.ts'

export const SAMPLES_PER_SECOND = 16_000

/** Consecutive damaged packets after which decoding stops. */
const DAMAGED_IN_A_ROW = 200

export interface SoundBlock {
  /** Samples from −1 to 1, the mean of all channels. Valid until the next block. */
  readonly samples: Float32Array
  /** Time of the first sample as the file states it, from its beginning; null where it states none. */
  readonly startMs: number | null
}

export class SoundReader {
  /** Null when the container states no duration. */
  readonly durationMs: number | null
  /** Count of packets that the decoder refused. */
  damaged = 0
  readonly #library: Ffmpeg
  readonly #container: Av.FormatContext
  readonly #io: Av.IOContext
  readonly #stream: Av.Stream
  readonly #decoder: Av.CodecContext
  readonly #packet: Av.Packet
  readonly #frame: Av.Frame
  readonly #mono: MonoSound
  readonly #tickMs: number
  readonly #startTicks: number

  constructor(library: Ffmpeg, { container, io }: OpenedInput, stream: Av.Stream, decoder: Av.CodecContext) {
    const { av, constants } = library
    this.#library = library
    this.#container = container
    this.#io = io
    this.#stream = stream
    this.#decoder = decoder
    this.#packet = new av.Packet()
    this.#packet.alloc()
    this.#frame = new av.Frame()
    this.#frame.alloc()
    this.#mono = new MonoSound(library, SAMPLES_PER_SECOND)
    this.#tickMs = (stream.timeBase.num / stream.timeBase.den) * 1000
    this.#startTicks = stream.startTime === constants.AV_NOPTS_VALUE ? 0 : Number(stream.startTime)
    const ofStream = stream.duration === constants.AV_NOPTS_VALUE ? 0 : Number(stream.duration) * this.#tickMs
    const ofContainer =
      container.duration === constants.AV_NOPTS_VALUE ? 0 : Number(container.duration) / 1000
    const stated = ofStream > 0 ? ofStream : ofContainer
    this.durationMs = Number.isFinite(stated) && stated > 0 ? Math.round(stated) : null
  }

  /** From the place that was sought last, or from the beginning. */
  *blocks(): Generator<SoundBlock> {
    let badInARow = 0
    for (;;) {
      const got = this.#container.readFrameSync(this.#packet)
      if (got < 0) {
        if (got !== this.#library.constants.AVERROR_EOF) this.damaged++
        this.#decoder.sendPacketSync(null)
        yield* this.#drain()
        const rest = this.#mono.rest()
        if (rest.length > 0) yield { samples: rest, startMs: null }
        return
      }
      const ours = this.#packet.streamIndex === this.#stream.index
      const sent = ours ? this.#decoder.sendPacketSync(this.#packet) : 0
      this.#packet.unref()
      if (!ours) continue
      if (sent < 0) {
        this.damaged++
        if (++badInARow > DAMAGED_IN_A_ROW) return
        continue
      }
      badInARow = 0
      yield* this.#drain()
    }
  }

  /** @returns false where the container cannot seek there */
  seek(timeMs: number): boolean {
    const ticks = BigInt(Math.round(timeMs / this.#tickMs) + this.#startTicks)
    const { constants } = this.#library
    if (this.#container.seekFrameSync(this.#stream.index, ticks, constants.AVSEEK_FLAG_BACKWARD) < 0)
      return false
    this.#decoder.flushBuffers()
    this.#mono.forget()
    return true
  }

  close(): void {
    this.#mono.close()
    this.#frame.free()
    this.#packet.free()
    this.#decoder.freeContext()
    this.#container.closeInputSync()
    this.#io.freeContext()
  }

  *#drain(): Generator<SoundBlock> {
    while (this.#decoder.receiveFrameSync(this.#frame) >= 0) {
      const pts = this.#frame.bestEffortTimestamp
      const startMs =
        pts === this.#library.constants.AV_NOPTS_VALUE
          ? null
          : Math.max(0, (Number(pts) - this.#startTicks) * this.#tickMs)
      const samples = this.#mono.of(this.#frame)
      this.#frame.unref()
      if (samples === null) this.damaged++
      else if (samples.length > 0) yield { samples, startMs }
    }
  }
}
