import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Drawing, drawVideo } from '../../fixtures/draw-video.ts'
import type { JobPool } from '../../src/children/job-pool.ts'
import { identify } from '../../src/media-types/index.ts'
import { hashesOf, look, lookPool } from './look-pool.ts'

let pool: JobPool
beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

/** Every video container that calls itself by no `video/` type, written by a script and named by its content. */
const CASES: readonly (readonly [
  string,
  NonNullable<Drawing['codec']>,
  NonNullable<Drawing['container']>,
  number,
])[] = [
  ['application/vnd.rn-realmedia', 'rv10', 'rm', 25],
  ['application/mxf', 'mpeg2video', 'mxf', 25],
  ['application/ogg', 'libvpx', 'ogg', 25],
  ['video/x-ivf', 'libvpx', 'ivf', 25],
]

describe('a video in a container that is named after something else', () => {
  it.each(CASES)('%s is looked at', async (mediaType, codec, container, framesPerSecond) => {
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
    })
    expect(identify(bytes.subarray(0, 65_536), bytes.length).mediaType).toBe(mediaType)
    const looked = await look(pool, bytes, mediaType)
    expect(looked.result.result).toBe('done')
    expect(hashesOf(looked).length).toBeGreaterThan(0)
  })

  it('is not done, never not applicable, when no demuxer reads it', async () => {
    const { result } = await look(pool, Buffer.alloc(4096, 7), 'video/x-unheard-of')
    expect(result).toMatchObject({ result: 'not-done', reason: 'unsupported-format' })
  })
})
