import { beforeAll, describe, expect, it } from 'vitest'
import { loadSharp } from '../../src/child/picture/decode-sharp.ts'
import { clock, FrameSet } from '../../src/child/video/frame-set.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { pdqFromRgb } from '../../src/hash/pdq.ts'

beforeAll(() => loadSharp())

/** A classifier that goes by the brightness of the first pixel, which no other pixel shares. */
const byFirstPixel = async ({ rgb }: Pixels) => ({
  scores: [
    {
      kind: 'score' as const,
      classifier: 'first-pixel',
      modelSha256: '0'.repeat(64),
      label: 'bright',
      scorePer10k: (rgb[0] as number) * 39,
      thresholdPer10k: 5000,
    },
  ],
  attributes: [{ kind: 'attribute' as const, name: 'kind', value: 'drawing' }],
})

function frame(number: number, bright: number, pattern = number) {
  const width = 64
  const height = 64
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const value =
      128 +
      100 * Math.sin(((i % width) * (pattern + 1)) / 9) * Math.cos(Math.floor(i / width) / (pattern + 2))
    rgb.fill(value, i * 3, i * 3 + 3)
  }
  rgb[0] = bright
  return { number, timeMs: number * 1000, width, height, rgb, orientation: 1 }
}

function frameSet(): FrameSet {
  return new FrameSet({ pdq: pdqFromRgb, classify: byFirstPixel }, 'vpdq', true)
}

describe('FrameSet', () => {
  it('keeps the strongest score of all frames, however many harmless ones there are', async () => {
    const frames = frameSet()
    for (let i = 0; i < 12; i++) await frames.add(frame(i, i === 7 ? 250 : 10))
    expect(frames.scores).toMatchObject([{ label: 'bright', scorePer10k: 9750 }])
    expect(frames.summary[0]).toEqual({
      kind: 'attribute',
      name: 'frames-over-threshold',
      value: `bright: 1 of ${frames.classified} distinct frames at or above 0.50, ${frames.classified - 1} below; highest 0.97 at 0:00:07.000, lowest 0.04`,
    })
  })

  it('classifies near-duplicates once and hashes every frame', async () => {
    const frames = frameSet()
    for (let i = 0; i < 10; i++) await frames.add(frame(i, 10, i < 5 ? 1 : 6))
    expect(frames.classified).toBe(2)
    expect(frames.hashes).toHaveLength(10)
    expect(frames.differ(0, 4)).toBe(false)
    expect(frames.differ(4, 5)).toBe(true)
  })

  it('counts frames with faces by apparent age instead of listing every face', async () => {
    const classify = async ({ rgb }: Pixels) => ({
      scores: [],
      attributes: (rgb[0] === 200
        ? ['no apparent minor', 'apparent minor likely']
        : ['no apparent minor']
      ).map((ageBand) => ({
        kind: 'attribute' as const,
        name: 'face',
        value: JSON.stringify({ box: {}, ageBand }),
      })),
    })
    const frames = new FrameSet({ pdq: pdqFromRgb, classify }, 'vpdq', true)
    for (let i = 0; i < 4; i++) await frames.add(frame(i, i === 2 ? 200 : 10))
    expect(frames.summary).toEqual([
      {
        kind: 'attribute',
        name: 'faces',
        value: 'in 4 of 4 frames; apparent minor likely in 1; no apparent minor in 4',
      },
    ])
  })

  it('spends dear models on the frames that the fast ones score highest, and lowers no other', async () => {
    const wholly: number[] = []
    const classify = async (pixels: Pixels, effort?: 'fast' | 'whole') => {
      const { scores, attributes } = await byFirstPixel(pixels)
      if (effort === 'fast') return { scores, attributes, leftOut: true }
      wholly.push(pixels.rgb[0]!)
      // The dear model dissents on the strongest.
      const lower = scores.map((score) => ({ ...score, scorePer10k: Math.min(score.scorePer10k, 3900) }))
      return { scores: lower, attributes }
    }
    const frames = new FrameSet({ pdq: pdqFromRgb, classify }, 'vpdq', true)
    for (let i = 0; i < 60; i++) await frames.add(frame(i, 100 + ((i * 37) % 120), i))
    await frames.finish()
    const shades = Array.from({ length: 60 }, (_, i) => 100 + ((i * 37) % 120))
    expect(wholly).toHaveLength(16)
    expect(frames.classified).toBeGreaterThan(16)
    // The brightest, brightest first; near-duplicates were dropped before.
    expect(wholly).toEqual([...wholly].sort((a, b) => b - a))
    expect(wholly[0]).toBeGreaterThan(shades.sort((a, b) => b - a)[10]!)
    expect(frames.scores[0]!.scorePer10k).toBeGreaterThan(3900)
    expect(frames.summary.find(({ name }) => name === 'frames-by-quick-models-only')?.value).toMatch(
      new RegExp(
        `^${frames.classified - 16} of ${frames.classified} distinct frames were scored by the quick models alone; .* saw the 16 that`,
      ),
    )
  })

  it('says which share of frames an attribute is of', async () => {
    const frames = frameSet()
    for (let i = 0; i < 3; i++) await frames.add(frame(i, 10))
    expect(frames.summary.at(-1)).toMatchObject({ name: 'kind', value: 'drawing (in 3 of 3 frames)' })
  })
})

describe('clock', () => {
  it('writes hours, minutes, seconds and thousandths', () => {
    expect(clock(0)).toBe('0:00:00.000')
    expect(clock(3_723_004)).toBe('1:02:03.004')
    expect(clock(59_999.6)).toBe('0:01:00.000')
  })
})
