import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { toPixels, upright } from '../../src/formats/media/pixels/scale.ts'

describe('upright', () => {
  it('turns each of the eight EXIF orientations as sharp does', async () => {
    const width = 5
    const height = 3
    const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => i)
    for (let orientation = 1; orientation <= 8; orientation++) {
      const stored = await sharp(rgb, { raw: { width, height, channels: 3 } })
        .withMetadata({ orientation })
        .png()
        .toBuffer()
      const { data, info } = await sharp(stored).autoOrient().raw().toBuffer({ resolveWithObject: true })
      const turned = upright({ width, height, rgb }, orientation)
      expect([turned.width, turned.height]).toEqual([info.width, info.height])
      expect(Buffer.from(turned.rgb).equals(data)).toBe(true)
    }
  })
})

describe('toPixels', () => {
  it('keeps the shape, the longest side at most 1536, and no alpha', async () => {
    const picture = { width: 3000, height: 1000, channels: 4, data: Buffer.alloc(12_000_000, 200) } as const
    const pixels = await toPixels({ ...picture, orientation: 6 })
    expect([pixels.width, pixels.height, pixels.rgb.length]).toEqual([512, 1536, 512 * 1536 * 3])
    expect(pixels.rgb.every((value) => value === 200)).toBe(true)
  })

  it('leaves small pictures as they are', async () => {
    const data = Buffer.from([1, 2, 3, 4, 5, 6])
    const pixels = await toPixels({ width: 2, height: 1, channels: 3, data, orientation: 1 })
    expect(pixels).toEqual({ width: 2, height: 1, rgb: data })
  })
})
