import { beforeAll, describe, expect, it } from 'vitest'
import { sceneVideo } from '../../bench/scene-video.ts'
import { drawing } from '../../fixtures/pictures.ts'
import type { OpRun } from '../../src/confined/decoder/op.ts'
import { prepareRevealOp } from '../../src/confined/decoder/reveal-op.ts'
import type { RevealHeader } from '../../src/wire/reveal.ts'
import type { RevealReply } from '../../src/wire/reveal-reply.ts'

const ASKED: RevealHeader = {
  mediaType: 'image/png',
  longestSide: 100,
  colour: false,
  blur: 0,
  drawn: 0,
  tile: false,
  pixels: 10_000_000,
  frames: 9,
}

describe('a reveal in a child', () => {
  let run: OpRun
  beforeAll(async () => {
    run = await prepareRevealOp()
  })
  const revealed = async (bytes: Buffer, more: Partial<RevealHeader> = {}) => {
    const answer = await run({
      header: { ...ASKED, ...more },
      bytes,
      lent: null,
      emit: () => {},
    })
    return { reply: answer.header as RevealReply, pixels: answer.bytes }
  }

  it('is small and grey, or in colour, or blurred, as it was asked for', async () => {
    const png = await drawing({ seed: 5, width: 300, height: 150 }).png().toBuffer()
    const grey = await revealed(png)
    expect(grey.reply).toEqual({ shown: true, channels: 1, frames: [{ width: 100, height: 50 }] })
    expect(grey.pixels.length).toBe(5000)
    const colour = await revealed(png, { colour: true })
    expect([colour.reply, colour.pixels.length]).toEqual([
      { shown: true, channels: 3, frames: [{ width: 100, height: 50 }] },
      15_000,
    ])
    const spread = (pixels: Buffer) => Math.max(...pixels) - Math.min(...pixels)
    const blurred = await revealed(png, { blur: 12 })
    expect(spread(blurred.pixels)).toBeLessThan(spread(grey.pixels))
    const small = await drawing({ seed: 5, width: 30, height: 20 }).png().toBuffer()
    expect((await revealed(small)).reply).toMatchObject({ frames: [{ width: 30, height: 20 }] })
  })

  it('of a video is a strip of frames over its length, without sound', async () => {
    const { reply, pixels } = await revealed(await sceneVideo({ width: 320, height: 180, seconds: 8 }), {
      mediaType: 'video/mp4',
    })
    if (!reply.shown) throw new Error(reply.reason)
    expect(reply.frames.length).toBeGreaterThan(1)
    expect(reply.frames.length).toBeLessThanOrEqual(9)
    const size = reply.frames.reduce((sum, { width, height }) => sum + width * height, 0)
    expect(pixels.length).toBe(size)
  })

  it('of what cannot be decoded is a reason and no pixels', async () => {
    for (const [bytes, more, reason] of [
      [Buffer.from('nothing'), {}, 'decode-failed'],
      [Buffer.from('nothing'), { mediaType: 'application/pdf' }, 'unsupported-format'],
    ] as const) {
      const { reply, pixels } = await revealed(bytes, more)
      expect([reply, pixels.length]).toEqual([{ shown: false, reason }, 0])
    }
    const large = await drawing({ seed: 5, width: 300, height: 150 }).png().toBuffer()
    expect((await revealed(large, { pixels: 1000 })).reply).toEqual({
      shown: false,
      reason: 'over-pixel-limit',
    })
  })
})
