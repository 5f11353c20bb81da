/** Decoded frames of an opened video or animation (open-video.ts), in order or at a given time. */
import type * as Av from 'node-av/lib'
import type { OpenedInput } from './byte-callbacks.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { inMemory } from './hardware.ts'
import { type LumaPlane, withLuma } from './luma-plane.ts'
import { type RgbFrame, RgbFrames } from './rgb-frames.ts'
import { infoOf, type VideoInfo } from './video-info.ts'

export interface VideoFrame {
  /** Position in decoding order when every frame is decoded; otherwise estimated from the time. */
  readonly number: number
  readonly timeMs: number
  readonly rgb: () => RgbFrame | null
  /**
   * Passes the brightness plane to the callback, once for each frame; null for pixel formats without 8-bit
   * brightness.
   */
  readonly luma: <T>(use: (plane: LumaPlane) => T) => T | null
}

/** Packets to decode after a seek before giving up: a few groups of reordered frames. */
const PACKETS_PER_SEEK = 250
/** Consecutive damaged packets after which decoding stops. */
const DAMAGED_IN_A_ROW = 200

export class VideoReader {
  readonly info: VideoInfo
  /** Count of packets that the decoder refused, and of frames that it repaired. */
  damaged = 0
  /** Count of decoded frames, over all walks and seeks. */
  decoded = 0
  readonly #library: Ffmpeg
  readonly #container: Av.FormatContext
  readonly #io: Av.IOContext
  readonly #stream: Av.Stream
  readonly #decoder: Av.CodecContext
  readonly #packet: Av.Packet
  readonly #frame: Av.Frame
  /** For frames that a device decoded. */
  readonly #memory: Av.Frame
  readonly #rgbFrames: RgbFrames
  readonly #tick: number
  readonly #startTicks: number

  constructor(
    library: Ffmpeg,
    { container, io }: OpenedInput,
    stream: Av.Stream,
    decoder: Av.CodecContext,
    codec: string,
  ) {
    this.#library = library
    this.#container = container
    this.#io = io
    this.#stream = stream
    this.#decoder = decoder
    this.#packet = new library.av.Packet()
    this.#packet.alloc()
    this.#frame = new library.av.Frame()
    this.#frame.alloc()
    this.#memory = new library.av.Frame()
    this.#memory.alloc()
    this.#rgbFrames = new RgbFrames(library)
    this.#tick = (stream.timeBase.num / stream.timeBase.den) * 1000
    this.#startTicks = stream.startTime === library.constants.AV_NOPTS_VALUE ? 0 : Number(stream.startTime)
    this.info = infoOf(library, container, stream, codec)
  }

  /** Every frame from the beginning. A frame is valid until the next one is requested. */
  *frames(): Generator<VideoFrame> {
    let number = 0
    for (const frame of this.#walk(Number.POSITIVE_INFINITY)) yield this.#present(frame, number++)
  }

  /** The key frame at or before a time; null when the container cannot seek there or no frame decodes. */
  keyFrameAt(timeMs: number): VideoFrame | null {
    const { constants } = this.#library
    const ticks = BigInt(Math.round(timeMs / this.#tick) + this.#startTicks)
    const sought = this.#container.seekFrameSync(this.#stream.index, ticks, constants.AVSEEK_FLAG_BACKWARD)
    if (sought < 0) return null
    this.#decoder.flushBuffers()
    for (const frame of this.#walk(PACKETS_PER_SEEK)) return this.#present(frame, this.#numberByTime(frame))
    return null
  }

  /**
   * The frames after the last requested one, in order, numbered by time. Frames that no other frame refers to are
   * skipped.
   */
  *framesOn(): Generator<VideoFrame> {
    this.#decoder.setOption('skip_frame', 'noref')
    try {
      for (const frame of this.#walk(PACKETS_PER_SEEK)) yield this.#present(frame, this.#numberByTime(frame))
    } finally {
      this.#decoder.setOption('skip_frame', 'default')
    }
  }

  close(): void {
    this.#rgbFrames.close()
    this.#frame.free()
    this.#memory.free()
    this.#packet.free()
    this.#decoder.freeContext()
    this.#container.closeInputSync()
    this.#io.freeContext()
  }

  *#walk(packets: number): Generator<Av.Frame> {
    let badInARow = 0
    for (let fed = 0; fed < packets; ) {
      const got = this.#container.readFrameSync(this.#packet)
      if (got < 0) {
        // The end, or damage that the demuxer cannot skip: the remaining frames of the decoder are returned.
        if (got !== this.#library.constants.AVERROR_EOF) this.damaged++
        this.#decoder.sendPacketSync(null)
        yield* this.#drain()
        return
      }
      const ours = this.#packet.streamIndex === this.#stream.index
      const sent = ours ? this.#decoder.sendPacketSync(this.#packet) : 0
      this.#packet.unref()
      if (!ours) continue
      fed++
      if (sent < 0) {
        this.damaged++
        if (++badInARow > DAMAGED_IN_A_ROW) return
        continue
      }
      badInARow = 0
      yield* this.#drain()
    }
  }

  *#drain(): Generator<Av.Frame> {
    while (this.#decoder.receiveFrameSync(this.#frame) >= 0) {
      this.decoded++
      if (this.#frame.decodeErrorFlags !== 0) this.damaged++
      const frame = inMemory(this.#frame, this.#memory)
      if (frame === null) this.damaged++
      else yield frame
      this.#memory.unref()
      this.#frame.unref()
    }
  }

  #present(frame: Av.Frame, number: number): VideoFrame {
    return {
      number,
      timeMs: this.#timeOf(frame),
      rgb: () => this.#rgbFrames.of(frame),
      luma: (use) => withLuma(this.#library, frame, use),
    }
  }

  #numberByTime(frame: Av.Frame): number {
    return Math.round((this.#timeOf(frame) / 1000) * this.info.framesPerSecond)
  }

  #timeOf(frame: Av.Frame): number {
    const pts = frame.bestEffortTimestamp
    if (pts === this.#library.constants.AV_NOPTS_VALUE) return 0
    return Math.max(0, (Number(pts) - this.#startTicks) * this.#tick)
  }
}
