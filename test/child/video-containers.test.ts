import { AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ444P } from 'node-av/constants'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Drawing, drawVideo } from '../../fixtures/draw-video.ts'
import { joinVideos } from '../../fixtures/join-videos.ts'
import { identify } from '../../src/formats/signatures/index.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { attributesOf, hashesOf, look, lookPool } from './look-pool.ts'

let pool: JobPool
beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

/** Videos that call themselves something else, or nothing: written by a script and named by their content. */
const CASES: readonly (readonly [
  mediaType: string,
  codec: NonNullable<Drawing['codec']>,
  container: NonNullable<Drawing['container']>,
  framesPerSecond: number,
  other?: Partial<Drawing>,
])[] = [
  ['application/vnd.rn-realmedia', 'rv10', 'rm', 25],
  ['application/mxf', 'mpeg2video', 'mxf', 25],
  ['application/ogg', 'libvpx', 'ogg', 25],
  ['video/x-ivf', 'libvpx', 'ivf', 25],
  // As recorders of cameras keep it, and as tools cut it out: no container at all.
  ['video/h264', 'libx264', 'h264', 25],
  ['video/h265', 'libx265', 'hevc', 25],
  ['video/mp4v-es', 'mpeg4', 'm4v', 25],
  ['video/mpv', 'mpeg1video', 'mpeg1video', 25],
  ['video/mpv', 'mpeg2video', 'mpeg2video', 25],
  ['video/av1', 'libsvtav1', 'obu', 25, { options: { preset: '10' } }],
  ['video/x-dirac', 'vc2', 'dirac', 25],
  // Tapes, television, cameras, games.
  ['video/x-dv', 'dvvideo', 'dv', 25, { width: 720, height: 576 }],
  ['video/x-yuv4mpeg', 'wrapped_avframe', 'yuv4mpegpipe', 25],
  ['video/x-nut', 'mpeg4', 'nut', 25],
  // It counts fields, so that a second of it is two.
  ['application/gxf', 'mpeg2video', 'gxf', 25, { width: 720, height: 576, frames: 100 }],
  ['video/x-wtv', 'mpeg2video', 'wtv', 25],
  ['video/x-mpjpeg', 'mjpeg', 'mpjpeg', 25, { pixelFormat: AV_PIX_FMT_YUVJ420P }],
  ['video/x-smjpeg', 'mjpeg', 'smjpeg', 25, { pixelFormat: AV_PIX_FMT_YUVJ420P }],
  ['video/x-roq', 'roqvideo', 'roq', 30, { width: 256, height: 256, pixelFormat: AV_PIX_FMT_YUVJ444P }],
]

describe('a video in a container that is named after something else, or in none', () => {
  it.each(CASES.map((one) => [`${one[0]} (${one[2]})`, one] as const))('%s is looked at', async (_, one) => {
    const [mediaType, codec, container, framesPerSecond, other = {}] = one
    const draw = (frame: number, x: number, y: number) =>
      128 + 60 * Math.sin((x + frame) / 9) + 60 * Math.cos((x - y) / 17)
    const bytes = await drawVideo({
      width: 352,
      height: 288,
      frames: 50,
      framesPerSecond,
      gop: 12,
      draw,
      codec,
      container,
      ...other,
    })
    expect(identify(bytes.subarray(0, 65_536), bytes.length).mediaType).toBe(mediaType)
    const looked = await look(pool, bytes, mediaType)
    expect(looked.result.result).toMatch(/^done/)
    // Frames a second apart, two of two seconds: none is missed, and nothing else is said of its length.
    expect(hashesOf(looked).filter(({ flavour }) => flavour === 'full').length).toBe(2)
    const lasts = looked.findings.flatMap((one) =>
      one.kind === 'attribute' && one.code === 'duration' ? [Number(one.params.ms)] : [],
    )
    const ms = ((other.frames ?? 50) / framesPerSecond) * 1000
    expect(lasts.filter((said) => Math.abs(said - ms) > 100)).toEqual([])
  })

  it('is not done, never not applicable, when no demuxer reads it', async () => {
    const { result } = await look(pool, Buffer.alloc(4096, 7), 'video/x-unheard-of')
    expect(result).toMatchObject({ result: 'not-done', reason: 'unsupported-format' })
  })

  it.each(['matroska', 'mp4'] as const)('every video stream of one is looked at: %s', async (container) => {
    const drawn = (seed: number, frames: number) =>
      drawVideo({
        ...{ width: 352, height: 288, frames, framesPerSecond: 25, gop: 12, container },
        draw: (frame, x, y) =>
          128 + 60 * Math.sin((x * seed + frame) / 9) + 60 * Math.cos((x - y * seed) / 17),
      })
    const [front, back] = [await drawn(1, 50), await drawn(3, 75)]
    const alone = await look(pool, front, `video/${container}`)
    const both = await look(pool, await joinVideos([front, back], container), `video/${container}`)
    expect(both.result).toEqual({ result: 'done' })
    const sampled = (one: typeof alone) => attributesOf(one)['frames-looked-at']
    expect([sampled(alone), sampled(both)]).toEqual([
      expect.stringMatching(/^1 2 /),
      expect.stringMatching(/^2 5 /),
    ])
    // Lists have hashes of what players show, and of nothing beside it.
    expect(hashesOf(both)).toEqual(hashesOf(alone))
  })

  it('says how many streams were not looked at to the end', async () => {
    const front = await drawVideo({
      ...{ width: 352, height: 288, frames: 50, framesPerSecond: 25, gop: 12, container: 'matroska' },
      draw: (frame, x, y) => 128 + 60 * Math.sin((x + frame) / 9) + 60 * Math.cos((x - y) / 17),
    })
    const many = await joinVideos(Array<Buffer>(10).fill(front), 'matroska')
    expect((await look(pool, many, 'video/matroska')).result).toMatchObject({
      result: 'done-with-warnings',
      reason: 'partly-examined',
      detail: { code: 'streams-not-looked-at', params: { streams: 2 } },
    })
  })
})
