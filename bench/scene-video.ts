/** Synthetic H.264 video in MP4, the same on every machine, and longer ones made of it without encoding again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as constants from 'node-av/constants'
import * as av from 'node-av/lib'

export const FRAMES_PER_SECOND = 25

export interface DrawnVideo {
  readonly width: number
  readonly height: number
  readonly seconds: number
}

/** Soft moving shapes, another scene every seven seconds; drawn small and scaled up, so that making it is quick. */
export async function drawnVideo({ width, height, seconds }: DrawnVideo): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  const path = join(folder, 'video.mp4')
  const container = new av.FormatContext()
  check(container.allocOutputContext2(null, 'mp4', path))
  const codec = av.Codec.findEncoderByName('libx264' as never)
  if (!codec) throw new Error('no H.264 encoder')
  const encoder = new av.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = width
  encoder.height = height
  encoder.pixelFormat = constants.AV_PIX_FMT_YUV420P
  encoder.timeBase = new av.Rational(1, FRAMES_PER_SECOND)
  encoder.framerate = new av.Rational(FRAMES_PER_SECOND, 1)
  encoder.gopSize = 50
  encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER)
  av.Log.setLevel(constants.AV_LOG_QUIET)
  check(await encoder.open2(codec, av.Dictionary.fromObject({ preset: 'ultrafast', crf: '28' })))
  const stream = container.newStream(null)
  check(stream.codecpar.fromContext(encoder))
  stream.timeBase = encoder.timeBase
  check(await container.openOutput())
  check(await container.writeHeader(null))
  const packet = new av.Packet()
  packet.alloc()
  const drain = async () => {
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0
      packet.rescaleTs(encoder.timeBase, stream.timeBase)
      check(await container.interleavedWriteFrame(packet))
      packet.unref()
    }
  }
  for (let number = 0; number < seconds * FRAMES_PER_SECOND; number++) {
    const frame = drawFrame(number, width, height)
    check(encoder.sendFrameSync(frame))
    frame.free()
    await drain()
  }
  check(encoder.sendFrameSync(null))
  await drain()
  check(await container.writeTrailer())
  await container.closeOutput()
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}

/** The same packets, so many times over. */
export async function repeatedVideo(video: Buffer, times: number): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  const [from, to] = [join(folder, 'once.mp4'), join(folder, 'again.mp4')]
  writeFileSync(from, video)
  const output = new av.FormatContext()
  check(output.allocOutputContext2(null, 'mp4', to))
  const stream = output.newStream(null)
  const packet = new av.Packet()
  packet.alloc()
  let [shift, end] = [0n, 0n]
  for (let i = 0; i < times; i++) {
    const input = new av.FormatContext()
    check(await input.openInput(from))
    check(await input.findStreamInfo(null))
    const source = input.streams[0]!
    if (i === 0) {
      check(source.codecpar.copy(stream.codecpar))
      stream.timeBase = source.timeBase
      check(await output.openOutput())
      check(await output.writeHeader(null))
    }
    while (input.readFrameSync(packet) >= 0) {
      packet.streamIndex = 0
      packet.pts += shift
      packet.dts += shift
      end = packet.dts + (packet.duration > 0n ? packet.duration : 1n)
      packet.rescaleTs(source.timeBase, stream.timeBase)
      check(await output.interleavedWriteFrame(packet))
      packet.unref()
    }
    shift = end
    await input.closeInput()
  }
  check(await output.writeTrailer())
  await output.closeOutput()
  const bytes = readFileSync(to)
  rmSync(folder, { recursive: true })
  return bytes
}

const SMALL = { width: 160, height: 90 }

function drawFrame(number: number, width: number, height: number): av.Frame {
  const scene = Math.floor(number / (7 * FRAMES_PER_SECOND))
  const grey = Buffer.alloc(SMALL.width * SMALL.height)
  for (let y = 0, to = 0; y < SMALL.height; y++) {
    for (let x = 0; x < SMALL.width; x++) {
      grey[to++] =
        128 +
        60 * Math.sin((x + number / 9) / (3 + (scene % 5))) +
        50 * Math.cos((y + scene * 31) / (4 + (scene % 7)))
    }
  }
  const source = av.Frame.fromVideoBuffer(grey, {
    ...SMALL,
    format: constants.AV_PIX_FMT_GRAY8,
    pts: BigInt(number),
    timeBase: { num: 1, den: FRAMES_PER_SECOND },
  } as never)
  const frame = new av.Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = constants.AV_PIX_FMT_YUV420P
  check(frame.getBuffer(0))
  const scaler = new av.SoftwareScaleContext()
  const { AV_PIX_FMT_GRAY8, AV_PIX_FMT_YUV420P, SWS_FAST_BILINEAR } = constants
  scaler.getContext(
    SMALL.width,
    SMALL.height,
    AV_PIX_FMT_GRAY8,
    width,
    height,
    AV_PIX_FMT_YUV420P,
    SWS_FAST_BILINEAR,
  )
  check(scaler.scaleFrameSync(frame, source))
  scaler.freeContext()
  source.free()
  frame.pts = BigInt(number)
  return frame
}

function check(code: number): void {
  if (code < 0) throw new Error(new av.FFmpegError(code).message)
}
