import { beforeAll, describe, expect, it } from 'vitest'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { loadFfmpeg } from '../../src/formats/media/ffmpeg/ffmpeg.ts'
import { glimpseOf } from '../../src/formats/media/ffmpeg/luma-plane.ts'
import { openVideo } from '../../src/formats/media/ffmpeg/open-video.ts'
import type { VideoReader } from '../../src/formats/media/ffmpeg/video-reader.ts'

const [WIDTH, HEIGHT, FRAMES] = [640, 480, 30]

let video: Buffer
beforeAll(async () => {
  await loadFfmpeg()
  const draw = (frame: number, x: number, y: number) =>
    128 + 60 * Math.sin((x + 9 * frame) / 40) + 60 * Math.cos((x - y * frame) / 70)
  video = await drawVideo({
    width: WIDTH,
    height: HEIGHT,
    frames: FRAMES,
    framesPerSecond: 25,
    gop: 12,
    draw,
  })
})

async function open(): Promise<VideoReader> {
  const opened = await openVideo(sourceOfBuffer(video), 'video/mp4', { pixels: 1e7 })
  if (!opened.ok) throw new Error(opened.detail.code)
  return opened.reader
}

describe('frames of a video', () => {
  it('have the same colours whichever frames were converted before', async () => {
    const together = await open()
    const all = [...together.frames()].length
    together.close()
    expect(all).toBe(FRAMES)
    const reader = await open()
    for (const frame of reader.frames()) {
      if (frame.number % 7 !== 0) continue
      const alone = await open()
      let same = false
      for (const other of alone.frames())
        if (other.number === frame.number) same = Buffer.compare(other.rgb()!.rgb, frame.rgb()!.rgb) === 0
      alone.close()
      expect(same).toBe(true)
    }
    reader.close()
  })

  it('leave nothing for the collector by being glimpsed at', async () => {
    const reader = await open()
    const before = process.memoryUsage().external
    let glimpses = 0
    for (const frame of reader.frames()) if (frame.luma(glimpseOf)?.some((value) => value > 0)) glimpses++
    const kept = process.memoryUsage().external - before
    reader.close()
    expect(glimpses).toBe(FRAMES)
    // Of 30 frames of 0.46 MB each.
    expect(kept).toBeLessThan(WIDTH * HEIGHT * 1.5 * 4)
  })
})
