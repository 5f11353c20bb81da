/**
 * Decoded frames of one video or animation, in order or at a time.
 *
 * FFmpeg gets bytes by callback and a container format that we force by media type: it opens no protocol and guesses
 * nothing, so a playlist that is called .mp4 reads no other file and no network.
 */
import type * as Av from 'node-av/lib'
import type { ByteSource } from './byte-source.ts'
import { type Ffmpeg, ffmpeg, ffmpegError, frameToRgb } from './ffmpeg.ts'
import type { DecodeFailure, DecodeLimits } from './picture.ts'

/** FFmpeg's demuxer by media type. What is not here is unsupported: playlists and scripts never will be. */
const DEMUXERS: Readonly<Record<string, string>> = {
  'video/mp4': 'mov',
  'video/x-m4v': 'mov',
  'video/quicktime': 'mov',
  'video/3gpp': 'mov',
  'video/3gpp2': 'mov',
  'video/mj2': 'mov',
  'image/mj2': 'mov',
  'video/matroska': 'matroska',
  'video/x-matroska': 'matroska',
  'video/webm': 'matroska',
  'video/vnd.avi': 'avi',
  'video/x-msvideo': 'avi',
  'video/avi': 'avi',
  'video/mpeg': 'mpeg',
  'video/mp1s': 'mpeg',
  'video/mp2p': 'mpeg',
  'video/mp2t': 'mpegts',
  'video/ogg': 'ogg',
  'video/x-flv': 'flv',
  'video/x-ms-asf': 'asf',
  'video/x-ms-wmv': 'asf',
  'video/x-dv': 'dv',
  'video/x-flc': 'flic',
  'video/x-fli': 'flic',
  'application/mxf': 'mxf',
  'application/vnd.rn-realmedia': 'rm',
  'video/vnd.rn-realvideo': 'rm',
  'image/gif': 'gif',
  'image/apng': 'apng',
  'image/png': 'apng',
}

export interface VideoInfo {
  readonly width: number
  readonly height: number
  /** Null when the container does not say. */
  readonly durationMs: number | null
  readonly framesPerSecond: number
  readonly codec: string
  /** How players turn it, as an EXIF orientation. */
  readonly orientation: number
  /** Tags of container and stream, as written, by lower-case name. */
  readonly tags: Readonly<Record<string, string>>
}

export interface VideoFrame {
  /** Position in decoding order when every frame is decoded; else estimated from the time. */
  readonly number: number
  readonly timeMs: number
  readonly rgb: () => { readonly width: number; readonly height: number; readonly rgb: Uint8Array } | null
  /** A few brightness samples, to see scene changes cheaply; null for pixel formats without 8-bit brightness. */
  readonly glimpse: () => Uint8Array | null
}

export type Opened =
  | { readonly ok: true; readonly reader: VideoReader }
  | { readonly ok: false; readonly reason: DecodeFailure | 'no-video-stream'; readonly detail: string }

const IO_BUFFER = 64 * 1024
/** Packets to feed after a seek before giving the position up: a few groups of reordered frames. */
const PACKETS_PER_SEEK = 250
/** Damaged packets in a row after which the rest is given up. */
const DAMAGED_IN_A_ROW = 200

export function isVideoType(mediaType: string): boolean {
  return mediaType.startsWith('video/') || mediaType === 'image/mj2'
}

export async function openVideo(
  source: ByteSource,
  mediaType: string,
  limits: DecodeLimits,
): Promise<Opened> {
  const library = ffmpeg()
  if ('missing' in library) return { ok: false, reason: 'unsupported-format', detail: library.missing }
  const demuxer = DEMUXERS[mediaType]
  const format = demuxer === undefined ? null : library.av.InputFormat.findInputFormat(demuxer)
  if (!format) return { ok: false, reason: 'unsupported-format', detail: mediaType }
  const { av, constants } = library
  const container = new av.FormatContext()
  const failed = (detail: string): Opened => {
    container.closeInputSync()
    return { ok: false, reason: 'decode-failed', detail }
  }
  container.allocContext()
  container.pb = callbacks(library, source)
  const options = av.Dictionary.fromObject({
    protocol_whitelist: 'none',
    format_whitelist: format.name ?? '',
  })
  const opened = container.openInputSync('', format, options)
  if (opened < 0) return failed(ffmpegError(library, opened))
  const analysed = container.findStreamInfoSync(null)
  if (analysed < 0) return failed(ffmpegError(library, analysed))
  const index = container.findBestStream(constants.AVMEDIA_TYPE_VIDEO)
  const stream = container.streams[index]
  if (index < 0 || !stream) {
    container.closeInputSync()
    return { ok: false, reason: 'no-video-stream', detail: 'the container holds no video' }
  }
  const { codecpar } = stream
  if (codecpar.width * codecpar.height > limits.pixels) {
    container.closeInputSync()
    const detail = `${codecpar.width} × ${codecpar.height} pixels, limit ${limits.pixels}`
    return { ok: false, reason: 'over-pixel-limit', detail }
  }
  const codec = av.Codec.findDecoder(codecpar.codecId)
  if (!codec) {
    container.closeInputSync()
    return { ok: false, reason: 'unsupported-format', detail: `no decoder for ${codecpar.codecTagString}` }
  }
  const decoder = new av.CodecContext()
  decoder.allocContext3(codec)
  decoder.parametersToContext(codecpar)
  decoder.threadCount = 1
  decoder.pktTimebase = stream.timeBase
  const codecOptions = av.Dictionary.fromObject({ max_pixels: String(limits.pixels) })
  const ready = await decoder.open2(codec, codecOptions)
  if (ready < 0) {
    decoder.freeContext()
    return failed(ffmpegError(library, ready))
  }
  for (const other of container.streams) {
    if (other.index !== index) other.discard = constants.AVDISCARD_ALL
  }
  return { ok: true, reader: new VideoReader(library, container, stream, decoder, codec.name ?? 'unknown') }
}

export class VideoReader {
  readonly info: VideoInfo
  /** Packets that the decoder refused, and frames that it patched. */
  damaged = 0
  /** Frames that came out, over all walks and seeks. */
  decoded = 0
  private readonly library: Ffmpeg
  private readonly container: Av.FormatContext
  private readonly stream: Av.Stream
  private readonly decoder: Av.CodecContext
  private readonly packet: Av.Packet
  private readonly frame: Av.Frame
  private readonly tick: number
  private readonly startTicks: number

  constructor(
    library: Ffmpeg,
    container: Av.FormatContext,
    stream: Av.Stream,
    decoder: Av.CodecContext,
    codec: string,
  ) {
    this.library = library
    this.container = container
    this.stream = stream
    this.decoder = decoder
    this.packet = new library.av.Packet()
    this.packet.alloc()
    this.frame = new library.av.Frame()
    this.frame.alloc()
    this.tick = (stream.timeBase.num / stream.timeBase.den) * 1000
    this.startTicks = stream.startTime === library.constants.AV_NOPTS_VALUE ? 0 : Number(stream.startTime)
    this.info = infoOf(library, container, stream, codec)
  }

  /** Every frame from the beginning. A frame is valid until the next one is asked for. */
  *frames(): Generator<VideoFrame> {
    let number = 0
    for (const frame of this.walk(Number.POSITIVE_INFINITY)) yield this.present(frame, number++)
  }

  /** The key frame at or before a time; null when the container cannot seek there or nothing decodes. */
  keyFrameAt(timeMs: number): VideoFrame | null {
    const { constants } = this.library
    const ticks = BigInt(Math.round(timeMs / this.tick) + this.startTicks)
    const sought = this.container.seekFrameSync(this.stream.index, ticks, constants.AVSEEK_FLAG_BACKWARD)
    if (sought < 0) return null
    this.decoder.flushBuffers()
    for (const frame of this.walk(PACKETS_PER_SEEK)) {
      const at = this.timeOf(frame)
      return this.present(frame, Math.round((at / 1000) * this.info.framesPerSecond))
    }
    return null
  }

  close(): void {
    this.frame.free()
    this.packet.free()
    this.decoder.freeContext()
    this.container.closeInputSync()
  }

  private *walk(packets: number): Generator<Av.Frame> {
    let badInARow = 0
    for (let fed = 0; fed < packets; ) {
      const got = this.container.readFrameSync(this.packet)
      if (got < 0) {
        // The end, or damage that the demuxer cannot get past: what the decoder still holds comes out.
        if (got !== this.library.constants.AVERROR_EOF) this.damaged++
        this.decoder.sendPacketSync(null)
        yield* this.drain()
        return
      }
      const ours = this.packet.streamIndex === this.stream.index
      const sent = ours ? this.decoder.sendPacketSync(this.packet) : 0
      this.packet.unref()
      if (!ours) continue
      fed++
      if (sent < 0) {
        this.damaged++
        if (++badInARow > DAMAGED_IN_A_ROW) return
        continue
      }
      badInARow = 0
      yield* this.drain()
    }
  }

  private *drain(): Generator<Av.Frame> {
    while (this.decoder.receiveFrameSync(this.frame) >= 0) {
      this.decoded++
      if (this.frame.decodeErrorFlags !== 0) this.damaged++
      yield this.frame
      this.frame.unref()
    }
  }

  private present(frame: Av.Frame, number: number): VideoFrame {
    return {
      number,
      timeMs: this.timeOf(frame),
      rgb: () => frameToRgb(this.library, frame),
      glimpse: () => glimpseOf(this.library, frame),
    }
  }

  private timeOf(frame: Av.Frame): number {
    const pts = frame.bestEffortTimestamp
    if (pts === this.library.constants.AV_NOPTS_VALUE) return 0
    return Math.max(0, (Number(pts) - this.startTicks) * this.tick)
  }
}

function callbacks({ av, constants }: Ffmpeg, source: ByteSource): Av.IOContext {
  const io = new av.IOContext()
  let at = 0
  io.allocContextWithCallbacks(
    IO_BUFFER,
    0,
    (length) => {
      const bytes = source.read(at, length)
      at += bytes.length
      return bytes.length === 0 ? constants.AVERROR_EOF : bytes
    },
    null,
    (offset, whence) => {
      if (whence === constants.AVSEEK_SIZE) return BigInt(source.sizeBytes)
      const from =
        whence === constants.AVSEEK_CUR ? at : whence === constants.AVSEEK_END ? source.sizeBytes : 0
      const to = from + Number(offset)
      if (!Number.isSafeInteger(to) || to < 0) return -1n
      at = to
      return BigInt(at)
    },
  )
  return io
}

function infoOf(
  { constants }: Ffmpeg,
  container: Av.FormatContext,
  stream: Av.Stream,
  codec: string,
): VideoInfo {
  const { codecpar, avgFrameRate, rFrameRate } = stream
  const rate = [avgFrameRate, rFrameRate].find(({ num, den }) => num > 0 && den > 0)
  const fromStream =
    stream.duration === constants.AV_NOPTS_VALUE
      ? 0
      : (Number(stream.duration) * 1000 * stream.timeBase.num) / stream.timeBase.den
  const fromContainer =
    container.duration === constants.AV_NOPTS_VALUE ? 0 : Number(container.duration) / 1000
  const durationMs = fromStream > 0 ? fromStream : fromContainer
  return {
    width: codecpar.width,
    height: codecpar.height,
    durationMs: Number.isFinite(durationMs) && durationMs > 0 ? Math.round(durationMs) : null,
    framesPerSecond: rate ? Math.min(rate.num / rate.den, 1000) : 25,
    codec,
    orientation: orientationOf(codecpar.getCodedSideData(constants.AV_PKT_DATA_DISPLAYMATRIX)),
    tags: { ...tagsOf(container.metadata), ...tagsOf(stream.metadata) },
  }
}

function tagsOf(dictionary: Av.Dictionary | null): Record<string, string> {
  const entries = Object.entries(dictionary?.getAll() ?? {})
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]))
}

/** A display matrix is nine 32-bit numbers; phones write pure quarter turns, with or without a mirror. */
function orientationOf(matrix: Buffer | null): number {
  if (!matrix || matrix.length < 36) return 1
  const sign = (index: number) => Math.sign(Math.round(matrix.readInt32LE(index * 4) / 65536))
  const turn = [sign(0), sign(1), sign(3), sign(4)].join()
  const known: Readonly<Record<string, number>> = {
    '1,0,0,1': 1,
    '-1,0,0,1': 2,
    '-1,0,0,-1': 3,
    '1,0,0,-1': 4,
    '0,1,1,0': 5,
    '0,1,-1,0': 6,
    '0,-1,-1,0': 7,
    '0,-1,1,0': 8,
  }
  return known[turn] ?? 1
}

const GLIMPSE_COLUMNS = 24
const GLIMPSE_ROWS = 16

function glimpseOf({ constants }: Ffmpeg, frame: Av.Frame): Uint8Array | null {
  const eightBitLuma = [
    constants.AV_PIX_FMT_YUV420P,
    constants.AV_PIX_FMT_YUVJ420P,
    constants.AV_PIX_FMT_YUV422P,
    constants.AV_PIX_FMT_YUVJ422P,
    constants.AV_PIX_FMT_YUV444P,
    constants.AV_PIX_FMT_YUVJ444P,
    constants.AV_PIX_FMT_NV12,
  ]
  const plane = frame.data?.[0]
  const stride = frame.linesize[0] ?? 0
  if (!plane || !eightBitLuma.some((format) => format === frame.format)) return null
  const out = new Uint8Array(GLIMPSE_COLUMNS * GLIMPSE_ROWS)
  for (let row = 0, to = 0; row < GLIMPSE_ROWS; row++) {
    const line = Math.floor(((row + 0.5) * frame.height) / GLIMPSE_ROWS) * stride
    for (let column = 0; column < GLIMPSE_COLUMNS; column++) {
      out[to++] = plane[line + Math.floor(((column + 0.5) * frame.width) / GLIMPSE_COLUMNS)] ?? 0
    }
  }
  return out
}
