import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Examination } from '../../src/contracts/finding.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { lookAt } from '../../src/host/decoder/look-request.ts'
import { attributesOf, contentOf, hashesOf, LIMITS, look, lookPool } from './look-pool.ts'

let pool: JobPool

beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

/** Soft blobs: enough detail for PDQ, nothing that JPEG spoils. */
function drawing(width = 640, height = 480) {
  const data = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      data[at] = 128 + 100 * Math.sin(x / 37) * Math.cos(y / 23)
      data[at + 1] = 128 + 100 * Math.sin((x + y) / 61)
      data[at + 2] = (x * 255) / width
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
}

const pdqOf = (examination: Examination) => hashesOf(examination)[0]

describe('a look', () => {
  it('decodes every format that sharp reads, with a perceptual hash and a preview', async () => {
    const kinds = [
      ['image/jpeg', await drawing().jpeg().toBuffer()],
      ['image/png', await drawing().png().toBuffer()],
      ['image/webp', await drawing().webp().toBuffer()],
      ['image/gif', await drawing().gif().toBuffer()],
      ['image/tiff', await drawing().tiff().toBuffer()],
      ['image/avif', await drawing().avif({ effort: 0 }).toBuffer()],
    ] as const
    for (const [mediaType, bytes] of kinds) {
      const examination = await look(pool, bytes, mediaType)
      expect(examination).toMatchObject({ stage: 'looked-at', result: { result: 'done' } })
      expect(attributesOf(examination).dimensions).toBe('640 480')
      expect(pdqOf(examination)).toMatchObject({ algorithm: 'pdq', flavour: 'full', part: 'original' })
      expect(examination.preview).toMatchObject({ width: 16, height: 12 })
      expect(examination.preview?.cells).toHaveLength(192)
    }
  })

  it('hashes pixels as stored and shows them upright', async () => {
    const plain = await look(pool, await drawing().png().toBuffer(), 'image/png')
    const turned = await look(
      pool,
      await drawing().withMetadata({ orientation: 6 }).png().toBuffer(),
      'image/png',
    )
    expect(pdqOf(turned)).toEqual(pdqOf(plain))
    expect(turned.preview).toMatchObject({ width: 12, height: 16 })
  })

  it('makes no preview unless a score asks for one or the request does', async () => {
    const bytes = await drawing().png().toBuffer()
    expect((await look(pool, bytes, 'image/png', { preview: 'never' })).preview).toBeNull()
    expect((await look(pool, bytes, 'image/png', { preview: 'leads' })).preview).toBeNull()
  })

  it('makes a preview of the picture itself where no model needs a smaller copy', async () => {
    // A copy of 1,536 pixels would have six rows, too few for a cell.
    const long = await sharp({ create: { width: 4000, height: 16, channels: 3, background: '#808080' } })
      .png()
      .toBuffer()
    const { preview } = await look(pool, long, 'image/png')
    expect(preview).toMatchObject({ width: 16, height: 1, cells: Buffer.alloc(16, 128) })
  })

  it('decodes a cut JPEG in part and says so', async () => {
    const whole = await drawing().jpeg().toBuffer()
    const cut = await look(pool, whole.subarray(0, whole.length / 2), 'image/jpeg')
    expect(cut.result).toMatchObject({ result: 'done-with-warnings', reason: 'decoded-leniently' })
    expect(JSON.stringify(cut.result)).toMatch(/premature end|truncated/i)
  })

  it('calls damage damage, and an unread format unread', async () => {
    const png = await drawing().png().toBuffer()
    const noise = Buffer.alloc(1000, 0x5a)
    expect((await look(pool, png.subarray(0, 20), 'image/png')).result).toMatchObject({
      reason: 'decode-failed',
    })
    expect((await look(pool, noise, 'image/jpeg')).result).toMatchObject({ result: 'not-done' })
    expect((await look(pool, noise, 'image/x-unheard-of')).result).toMatchObject({
      reason: 'unsupported-format',
    })
    expect((await look(pool, noise, 'text/plain')).result).toMatchObject({ reason: 'not-a-picture' })
  })

  it('does not render SVG, whatever it is called', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="9" height="9"/></svg>',
    )
    for (const mediaType of ['image/svg+xml', 'image/png']) {
      expect((await look(pool, svg, mediaType)).result).toMatchObject({ reason: 'unsupported-format' })
    }
  })

  it('refuses what is over the pixel or byte limit, by name', async () => {
    const bytes = await drawing().png().toBuffer()
    const fewPixels = await look(pool, bytes, 'image/png', { limits: { ...LIMITS, pixels: 1000 } })
    expect(fewPixels.result).toMatchObject({ result: 'not-done', reason: 'over-pixel-limit' })
    const fewBytes = await look(pool, bytes, 'image/png', { limits: { ...LIMITS, lookBytes: 1000 } })
    expect(fewBytes.result).toMatchObject({ result: 'not-done', reason: 'over-byte-limit' })
  })

  it('notices when the bytes are not those that were hashed', async () => {
    const bytes = await drawing().png().toBuffer()
    const other = contentOf(Buffer.from('other'), 'image/png')
    const request = {
      content: other,
      source: bytes,
      preview: 'never',
      gps: false,
      limits: LIMITS,
    } as const
    expect((await lookAt(pool, request)).result).toMatchObject({
      result: 'not-done',
      reason: 'digest-mismatch',
    })
  })
})
