import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withThumbnail } from '../../fixtures/pictures.ts'
import type { Attribute } from '../../src/contracts/attribute.ts'
import { exifThumbnail, metadataOf } from '../../src/formats/media/metadata/metadata.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { drawing, HEIGHT, WIDTH } from './draw-picture.ts'
import { attributesOf, look, lookPool } from './look-pool.ts'

const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 3 as const } }

let pool: JobPool
beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

function camera(format: 'jpeg' | 'webp' | 'png') {
  return sharp(drawing(), raw)
    .withExif({
      IFD0: { Make: 'Example', Model: 'Camera 7', Software: 'Firmware 1.2' },
      IFD2: { DateTimeOriginal: '2024:05:06 07:08:09', BodySerialNumber: 'SN-4711' },
      IFD3: {
        GPSLatitudeRef: 'S',
        GPSLatitude: '33/1 30/1 0/1',
        GPSLongitudeRef: 'E',
        GPSLongitude: '151/1 15/1 36/1',
      },
    })
    .toFormat(format)
    .toBuffer()
}

const named = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ code, params }) => [code, Object.values(params).join(' ')]))

describe('metadata', () => {
  it.each(['jpeg', 'webp', 'png'] as const)('names the camera of a %s', async (format) => {
    expect(named(await metadataOf(await camera(format), `image/${format}`, { gps: false }))).toMatchObject({
      'camera-make': 'Example',
      'camera-model': 'Camera 7',
      'camera-serial': 'SN-4711',
      software: 'Firmware 1.2',
      'capture-time': '2024:05:06 07:08:09',
    })
  })

  it('gives the place only when asked', async () => {
    const bytes = await camera('jpeg')
    expect(named(await metadataOf(bytes, 'image/jpeg', { gps: false }))).not.toHaveProperty('gps-position')
    const asked = named(await metadataOf(bytes, 'image/jpeg', { gps: true }))
    expect(asked['gps-position']).toBe('-33.500000, 151.260000')
    expect(attributesOf(await look(pool, bytes, 'image/jpeg'))).not.toHaveProperty('gps-position')
    expect(attributesOf(await look(pool, bytes, 'image/jpeg', { gps: true }))).toHaveProperty('gps-position')
  })

  it('reads the creator tool from XMP, and bounds what it keeps', async () => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="${'E'.repeat(390)}"/></rdf:RDF></x:xmpmeta>`
    const bytes = await sharp(drawing(), raw).withXmp(xmp).jpeg().toBuffer()
    expect(named(await metadataOf(bytes, 'image/jpeg', { gps: false })).software).toBe('E'.repeat(200))
  })

  it('never throws, whatever is damaged', async () => {
    const whole = await camera('jpeg')
    for (let at = 2; at < 700; at += 3) {
      const damaged = Buffer.from(whole)
      damaged[at] = 0xff
      expect(Array.isArray(await metadataOf(damaged, 'image/jpeg', { gps: true }))).toBe(true)
      await exifThumbnail(damaged, 'image/jpeg')
    }
  })
})

describe('an embedded thumbnail', () => {
  const other = () => {
    const rgb = Buffer.alloc(WIDTH * HEIGHT * 3)
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      rgb.fill(128 + 120 * Math.sin((i % WIDTH) / 5) * Math.sin(i / WIDTH / 9), i * 3, i * 3 + 3)
    }
    return sharp(rgb, raw)
  }

  it('that shows the same is noted with its size', async () => {
    const small = await other().resize(80, 48).jpeg().toBuffer()
    const attributes = attributesOf(
      await look(pool, withThumbnail(await other().jpeg().toBuffer(), small), 'image/jpeg'),
    )
    expect(attributes['embedded-thumbnail']).toBe('80 48')
    expect(attributes).not.toHaveProperty('embedded-thumbnail-differs')
  })

  it('that shows the same between black bars is no difference', async () => {
    const small = await other().resize(80, 48).extend({ top: 6, bottom: 6 }).jpeg().toBuffer()
    const attributes = attributesOf(
      await look(pool, withThumbnail(await other().jpeg().toBuffer(), small), 'image/jpeg'),
    )
    expect(attributes['embedded-thumbnail']).toBe('80 60')
    expect(attributes).not.toHaveProperty('embedded-thumbnail-differs')
  })

  it('that shows something else is an attribute', async () => {
    const turned = await other().rotate(90).resize(48, 80).jpeg().toBuffer()
    const attributes = attributesOf(
      await look(pool, withThumbnail(await other().jpeg().toBuffer(), turned), 'image/jpeg'),
    )
    expect(attributes['embedded-thumbnail-differs']).toMatch(/^1?\d\d$/)
  })
})
