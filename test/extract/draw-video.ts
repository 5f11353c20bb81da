/** Synthetic videos: drawn frames, encoded by the same FFmpeg libraries. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as constants from 'node-av/constants'
import * as av from 'node-av/lib'

export interface Drawing {
  readonly width: number
  readonly height: number
  readonly frames: number
  readonly framesPerSecond: number
  /** Key frame distance. */
  readonly gop: number
  /** Grey value of a pixel of a frame. */
  readonly draw: (frame: number, x: number, y: number) => number
  readonly codec?: 'libx264' | 'mpeg4' | 'libx265' | 'libvpx-vp9' | 'apng' | 'gif'
  readonly container?: 'mp4' | 'mov' | 'matroska' | 'webm' | 'avi' | 'mpegts' | 'apng' | 'gif'
  readonly pixelFormat?: constants.AVPixelFormat
}

export async function drawVideo(drawing: Drawing): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-video-'))
  const path = join(folder, 'video')
  try {
    await encode(drawing, path)
    return readFileSync(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function encode(drawing: Drawing, path: string): Promise<void> {
  const { width, height, framesPerSecond, gop } = drawing
  const container = new av.FormatContext()
  check(container.allocOutputContext2(null, drawing.container ?? 'mp4', path))
  const codec = av.Codec.findEncoderByName((drawing.codec ?? 'libx264') as never)
  if (!codec) throw new Error(`no encoder ${drawing.codec}`)
  const encoder = new av.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = width
  encoder.height = height
  encoder.pixelFormat = drawing.pixelFormat ?? constants.AV_PIX_FMT_YUV420P
  encoder.timeBase = new av.Rational(1, framesPerSecond)
  encoder.framerate = new av.Rational(framesPerSecond, 1)
  encoder.gopSize = gop
  encoder.bitRate = 1_000_000n
  encoder.threadCount = 1
  // Global header: mp4 and matroska want the parameter sets in the container.
  encoder.setFlags(constants.AV_CODEC_FLAG_GLOBAL_HEADER)
  check(await encoder.open2(codec, null))
  const stream = container.newStream(null)
  check(stream.codecpar.fromContext(encoder))
  stream.timeBase = encoder.timeBase
  stream.avgFrameRate = encoder.framerate
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
  for (let number = 0; number < drawing.frames; number++) {
    const frame = drawFrame(drawing, number, encoder.pixelFormat)
    check(encoder.sendFrameSync(frame))
    frame.free()
    await drain()
  }
  check(encoder.sendFrameSync(null))
  await drain()
  check(await container.writeTrailer())
  await container.closeOutput()
  container.freeContext()
}

function drawFrame(drawing: Drawing, number: number, format: constants.AVPixelFormat): av.Frame {
  const { width, height, draw } = drawing
  const grey = Buffer.alloc(width * height)
  for (let y = 0, to = 0; y < height; y++) for (let x = 0; x < width; x++) grey[to++] = draw(number, x, y)
  const source = av.Frame.fromVideoBuffer(grey, {
    width,
    height,
    format: constants.AV_PIX_FMT_GRAY8,
    pts: BigInt(number),
    timeBase: { num: 1, den: drawing.framesPerSecond },
  } as never)
  const frame = new av.Frame()
  frame.alloc()
  frame.width = width
  frame.height = height
  frame.format = format
  check(frame.getBuffer(0))
  const scaler = new av.SoftwareScaleContext()
  scaler.getContext(width, height, constants.AV_PIX_FMT_GRAY8, width, height, format, constants.SWS_AREA)
  check(scaler.scaleFrameSync(frame, source))
  scaler.freeContext()
  source.free()
  frame.pts = BigInt(number)
  return frame
}

function check(code: number): void {
  if (code < 0) throw new Error(new av.FFmpegError(code).message)
}
