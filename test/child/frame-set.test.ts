import { beforeAll, describe, expect, it } from 'vitest'
import { FrameSet } from '../../src/confined/decoder/look/frame-set.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Pixels } from '../../src/contracts/content.ts'
import { loadSharp } from '../../src/formats/media/pixels/decode-sharp.ts'
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
  attributes: [attribute('picture-kind', { kind: 'graphic' })],
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
    expect(frames.summary[0]).toEqual(
      attribute('frames-over-threshold', {
        label: 'bright',
        above: 1,
        distinct: frames.classified,
        thresholdPer10k: 5000,
        highestPer10k: 9750,
        highestMs: 7000,
        lowestPer10k: 390,
      }),
    )
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
      attributes: (rgb[0] === 200 ? ['below-both', 'likely'] : ['below-both']).map((ageBand) =>
        attribute('face', { x: 0, y: 0, width: 9, height: 9, detector: 'ssd', scorePer10k: 6000, ageBand }),
      ),
    })
    const frames = new FrameSet({ pdq: pdqFromRgb, classify }, 'vpdq', true)
    for (let i = 0; i < 4; i++) await frames.add(frame(i, i === 2 ? 200 : 10))
    expect(frames.summary).toEqual([
      attribute('faces-in-frames', { frames: 4, distinct: 4, likely: 1, possible: 0, belowBoth: 4 }),
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
    expect(frames.summary).toContainEqual(
      attribute('frames-by-quick-models-only', {
        frames: frames.classified - 16,
        distinct: frames.classified,
        slow: 16,
      }),
    )
  })

  it('says which share of frames an attribute is of', async () => {
    const frames = frameSet()
    for (let i = 0; i < 3; i++) await frames.add(frame(i, 10))
    expect(frames.summary.at(-1)).toEqual(
      attribute('picture-kind', { kind: 'graphic', frames: 3, ofFrames: 3 }),
    )
  })
})
