/**
 * Video through a look: frames a second, against the extraction alone (every frame decoded by the same libraries, one a
 * second made RGB) and the system's ffmpeg where it is. An hour costs what ten minutes cost: samples are as many.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as constants from 'node-av/constants'
import * as av from 'node-av/lib'
import type { Examination } from '../src/contracts.ts'
import { sourceOfBuffer } from '../src/extract/byte-source.ts'
import { loadFfmpeg } from '../src/extract/ffmpeg.ts'
import { openVideo } from '../src/extract/open-video.ts'
import { DEFAULT_LIMITS } from '../src/plan.ts'

const CASES = [
  { name: '30 s of 720p (decoded whole)', width: 1280, height: 720, seconds: 30 },
  { name: '10 min of 720p (sampled by seeking)', width: 1280, height: 720, seconds: 600 },
] as const
const FRAMES_PER_SECOND = 25

export async function videoRates(
  look: (bytes: Buffer, mediaType: string) => Promise<Examination>,
): Promise<void> {
  const rows = []
  for (const { name, width, height, seconds } of CASES) {
    const video = await drawn(width, height, seconds)
    await look(video, 'video/mp4')
    const start = performance.now()
    const examination = await look(video, 'video/mp4')
    const spent = (performance.now() - start) / 1000
    const said = examination.findings.find((f) => f.kind === 'attribute' && f.name === 'frames-looked-at')
    rows.push({
      video: name,
      'look, s': round(spent),
      'extraction alone, s': await extractionSeconds(video),
      'frames of the video/s': Math.round((seconds * FRAMES_PER_SECOND) / spent),
      'ffmpeg, every frame, s': ffmpegSeconds(video, []),
      'ffmpeg, a frame a second, s': ffmpegSeconds(video, ['-vf', 'fps=1']),
      looked: said?.kind === 'attribute' ? said.value : examination.result.result,
    })
  }
  console.log('Video, one child')
  console.table(rows)
}

async function extractionSeconds(video: Buffer): Promise<number> {
  await loadFfmpeg()
  const opened = await openVideo(sourceOfBuffer(video), 'video/mp4', { pixels: DEFAULT_LIMITS.pixels })
  if (!opened.ok) throw new Error(opened.detail)
  const start = performance.now()
  for (const frame of opened.reader.frames()) if (frame.number % FRAMES_PER_SECOND === 0) frame.rgb()
  opened.reader.close()
  return round((performance.now() - start) / 1000)
}

function ffmpegSeconds(video: Buffer, filter: readonly string[]): number | string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  const file = join(folder, 'video.mp4')
  writeFileSync(file, video)
  const start = performance.now()
  const run = spawnSync('ffmpeg', [
    '-v',
    'error',
    '-threads',
    '1',
    '-i',
    file,
    ...filter,
    '-pix_fmt',
    'rgb24',
    '-f',
    'rawvideo',
    '-y',
    '/dev/null',
  ])
  const seconds = (performance.now() - start) / 1000
  rmSync(folder, { recursive: true })
  return run.status === 0 ? round(seconds) : 'no ffmpeg here'
}

/** Soft moving shapes, another scene every seven seconds; drawn small and scaled up, so that making it is quick. */
async function drawn(width: number, height: number, seconds: number): Promise<Buffer> {
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

function round(value: number): number {
  return Math.round(value * 10) / 10
}
