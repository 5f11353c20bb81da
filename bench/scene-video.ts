/** Synthetic H.264 video in MP4, the same on every machine, and longer ones made of it without encoding again. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as av from 'node-av/lib'
import { drawVideo } from '../fixtures/draw-video.ts'

export const FRAMES_PER_SECOND = 25

const SMALL = { width: 160, height: 90 }

export interface SceneVideo {
  readonly width: number
  readonly height: number
  readonly seconds: number
}

/** Soft moving shapes, another scene every seven seconds; drawn small and scaled up, so that making it is quick. */
export function sceneVideo({ width, height, seconds }: SceneVideo): Promise<Buffer> {
  return drawVideo({
    width,
    height,
    frames: seconds * FRAMES_PER_SECOND,
    framesPerSecond: FRAMES_PER_SECOND,
    gop: 50,
    drawnAt: SMALL,
    options: { preset: 'ultrafast', crf: '28' },
    threads: 0,
    draw: sceneAt,
  })
}

function sceneAt(frame: number, x: number, y: number): number {
  const scene = Math.floor(frame / (7 * FRAMES_PER_SECOND))
  return (
    128 +
    60 * Math.sin((x + frame / 9) / (3 + (scene % 5))) +
    50 * Math.cos((y + scene * 31) / (4 + (scene % 7)))
  )
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

function check(code: number): void {
  if (code < 0) throw new Error(new av.FFmpegError(code).message)
}
