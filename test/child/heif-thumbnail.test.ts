import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { drawRgb } from '../../fixtures/pictures.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import { heifThumbnails } from '../../src/formats/media/heif/heif-thumbnail.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { attributesOf, look, lookPool } from './look-pool.ts'

const large = { seed: 5, width: 640, height: 480 }
const small = { seed: 5, width: 160, height: 120 }
const thumbnail = (seed: number) => ({ rgb: drawRgb({ ...small, seed }), width: 160, height: 120 })
/** A picture of 640 × 480 with a thumbnail of 120 × 90, each by libheif's own encoder. */
const byLibheif = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/pictures/${name}`, import.meta.url)))

let pool: JobPool
beforeAll(async () => {
  await loadDecoders()
  pool = lookPool()
})
afterAll(() => pool.close())

const decoded = async (bytes: Buffer, mediaType: string) => {
  const picture = await decodePicture(bytes, mediaType, { pixels: 1_000_000 })
  if (!picture.ok) throw new Error(picture.detail.code)
  return picture.picture
}

describe('a thumbnail item of a HEIF file', () => {
  it.each([
    ['libheif.heic', 'image/heic'],
    ['libheif.avif', 'image/avif'],
  ] as const)('of %s is cut out as a file that decodes', async (name, mediaType) => {
    const { found, notes } = heifThumbnails(byLibheif(name))
    expect(notes).toEqual([])
    expect(found).toMatchObject([{ name: 'item-2', mediaType, ofPicture: true }])
    expect(await decoded(found[0]!.bytes, mediaType)).toMatchObject({ width: 120, height: 90 })
    const attributes = attributesOf(await look(pool, byLibheif(name), mediaType))
    expect(attributes).toMatchObject({ dimensions: '640 480', 'embedded-thumbnail': '120 90' })
    expect(attributes['embedded-thumbnail-agrees']).toMatch(/^\d+$/)
  })

  it('keeps how it is turned, and shows the same pixels as on its own', async () => {
    const options = { thumbnail: thumbnail(5), quarterTurns: 1 }
    const file = await heicFile(drawRgb(large), 640, 480, options)
    const alone = await heicFile(thumbnail(5).rgb, 160, 120, { quarterTurns: 1 })
    const cut = await decoded(heifThumbnails(file).found[0]!.bytes, 'image/heic')
    expect(cut).toMatchObject({ width: 120, height: 160 })
    expect(Buffer.compare(cut.data, (await decoded(alone, 'image/heic')).data)).toBe(0)
  })

  it('that shows something else is an attribute of the picture', async () => {
    const file = await heicFile(drawRgb(large), 640, 480, { thumbnail: thumbnail(6) })
    const attributes = attributesOf(await look(pool, file, 'image/heic'))
    expect(attributes['embedded-thumbnail-differs']).toMatch(/^1?\d\d$/)
    expect(attributes).not.toHaveProperty('embedded-thumbnail-agrees')
  })

  it('that cannot be had is said', async () => {
    const file = byLibheif('libheif.heic')
    const grid = Buffer.from(file)
    grid.write('grid', file.lastIndexOf('hvc1', file.indexOf('pitm')))
    expect(heifThumbnails(grid)).toEqual({
      found: [],
      notes: [attribute('embedded-thumbnail-unread', { item: 2, reason: 'other-coding', coding: 'grid' })],
    })
    expect(heifThumbnails(file.subarray(0, -1)).notes).toEqual([
      attribute('embedded-thumbnail-unread', { item: 2, reason: 'no-bytes' }),
    ])
    expect(attributesOf(await look(pool, grid, 'image/heic'))['embedded-thumbnail-unread']).toMatch(
      / 2 grid$/,
    )
  })

  it('never throws and never grows, whatever is damaged', () => {
    const whole = byLibheif('libheif.heic')
    const index = whole.indexOf('mdat')
    for (let at = 0; at < index; at++) {
      for (const value of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
        const damaged = Buffer.from(whole)
        damaged[at] = value
        for (const { bytes } of heifThumbnails(damaged).found) {
          expect(bytes.length).toBeLessThan(whole.length * 2)
        }
      }
      heifThumbnails(whole.subarray(0, at))
    }
  })
})
