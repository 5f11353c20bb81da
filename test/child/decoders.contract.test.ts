import { beforeAll, describe, expect, it } from 'vitest'
import { DECODERS, decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import { drawing, HEIGHT, type Sample, samples, WIDTH } from './draw-picture.ts'

const LIMITS = { pixels: 10_000_000 }
let drawn: readonly Sample[]

beforeAll(async () => {
  await loadDecoders()
  drawn = await samples()
})

describe('every format that is drawn for the tests', () => {
  it('decodes to the drawn pixels, upright, channels in order', async () => {
    const report: string[] = []
    for (const { mediaType, what, bytes, tolerance } of drawn) {
      const decoded = await decodePicture(bytes, mediaType, LIMITS)
      if (!decoded.ok) throw new Error(`${mediaType}, ${what}: ${decoded.reason}, ${decoded.detail}`)
      const { width, height, channels, data } = decoded.picture
      expect([mediaType, what, width, height]).toEqual([mediaType, what, WIDTH, HEIGHT])
      const worst = worstBlock(data, channels)
      report.push(`${mediaType}, ${what}: ${worst}`)
      expect(worst, `${mediaType}, ${what}`).toBeLessThanOrEqual(tolerance)
    }
    expect(report).toHaveLength(drawn.length)
  })

  it('is refused by name when it is over the pixel limit', async () => {
    for (const { mediaType, what, bytes } of drawn) {
      const decoded = await decodePicture(bytes, mediaType, { pixels: WIDTH * HEIGHT - 1 })
      expect([mediaType, what, decoded]).toMatchObject([
        mediaType,
        what,
        { ok: false, reason: 'over-pixel-limit' },
      ])
    }
  })

  it('is marked, refused or whole at every cut, and never throws', async () => {
    for (const { mediaType, bytes } of drawn) {
      for (let cut = 0; cut < 20; cut++) {
        const decoded = await decodePicture(bytes.subarray(0, (bytes.length * cut) / 20), mediaType, LIMITS)
        if (decoded.ok && cut < 18)
          expect([mediaType, cut, decoded.leniently]).not.toEqual([mediaType, cut, null])
      }
    }
  })

  it('survives flipped bits', async () => {
    let random = 1
    for (const { mediaType, bytes } of drawn) {
      for (let round = 0; round < 25; round++) {
        const flipped = Buffer.from(bytes)
        for (let i = 0; i < 4; i++) {
          random = (random * 1103515245 + 12345) & 0x7fffffff
          const at = random % Math.min(flipped.length, round < 12 ? 200 : flipped.length)
          flipped[at] = flipped[at]! ^ (1 << ((random >> 16) % 8))
        }
        const decoded = await decodePicture(flipped, mediaType, LIMITS)
        expect(typeof decoded.ok).toBe('boolean')
      }
    }
  })
})

describe.each(DECODERS.map((decoder) => [decoder.name, decoder] as const))(
  'the decoder %s',
  (name, decoder) => {
    it('is the one that reads some drawing, to the drawn pixels, and the drawing is recognised as one of its types', async () => {
      const read: string[] = []
      for (const { mediaType, bytes, tolerance } of drawn) {
        const first = DECODERS.find(({ mediaTypes }) => mediaTypes.includes(mediaType))
        if (first !== decoder) continue
        const decoded = await decoder.decode(bytes, mediaType, LIMITS)
        if (!decoded.ok) throw new Error(`${mediaType}: ${decoded.reason}`)
        expect(worstBlock(decoded.picture.data, decoded.picture.channels)).toBeLessThanOrEqual(tolerance)
        const { mediaType: recognised } = await identifyContent(bytes)
        expect([mediaType, recognised, decoder.mediaTypes.includes(recognised)]).toEqual([
          mediaType,
          recognised,
          true,
        ])
        read.push(mediaType)
      }
      expect([name, read.length > 0]).toEqual([name, true])
    })

    it('answers noise, nothing and text with a failure of the closed list', async () => {
      const hostile = [
        Buffer.alloc(0),
        Buffer.from([0]),
        Buffer.alloc(10),
        Buffer.alloc(5000, 0x5a),
        Buffer.alloc(5000, 0xff),
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
        Buffer.from('#EXTM3U\nfile:///etc/passwd\n'),
      ]
      for (const mediaType of decoder.mediaTypes) {
        for (const bytes of hostile) {
          const decoded = await decoder.decode(bytes, mediaType, LIMITS)
          const reason = decoded.ok ? 'decoded' : decoded.reason
          expect([mediaType, bytes.length, reason]).toEqual([
            mediaType,
            bytes.length,
            expect.stringMatching(/^(unsupported-format|decode-failed|over-pixel-limit)$/),
          ])
        }
      }
    })
  },
)

/** Largest difference between the drawing and a decoded picture, of means over 8 × 8 blocks. */
function worstBlock(data: Uint8Array, channels: number): number {
  const expected = drawing()
  let worst = 0
  for (let top = 0; top < HEIGHT; top += 8) {
    for (let left = 0; left < WIDTH; left += 8) {
      for (let channel = 0; channel < 3; channel++) {
        let difference = 0
        for (let y = top; y < top + 8; y++) {
          for (let x = left; x < left + 8; x++) {
            const at = y * WIDTH + x
            difference += data[at * channels + channel]! - expected[at * 3 + channel]!
          }
        }
        worst = Math.max(worst, Math.abs(difference) / 64)
      }
    }
  }
  return worst
}
