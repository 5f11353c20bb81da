/** Thumbnails of iPods and early iOS: pixels without a head, told by the name and the size of their file alone. */
import { describe, expect, it } from 'vitest'
import { pixelThumbnail } from '../../fixtures/device/pixel-thumbnails.ts'
import { drawing } from '../../fixtures/pictures.ts'
import { Budget } from '../../src/formats/archives/common/container.ts'
import { pixelThumbnails } from '../../src/formats/archives/pixel-thumbnails.ts'
import { sourceOfBuffer } from '../../src/formats/bytes/byte-source.ts'
import { decodePicture, loadDecoders } from '../../src/formats/media/picture/decode.ts'
import {
  PIXEL_THUMBNAIL_TYPES,
  type PixelLayout,
  pixelLayoutOf,
  pixelThumbnailsType,
} from '../../src/media-types/pixel-thumbnails.ts'
import { mutant } from '../formats/artefacts/records-of.ts'
import { zipOf } from './archives.ts'
import { listContainer } from './list-container.ts'

async function drawn(layout: PixelLayout, seed: number): Promise<Buffer> {
  const [width, height] =
    layout.coding === 'rgb565-turned' ? [layout.height, layout.width] : [layout.width, layout.height]
  return drawing({ seed, width, height }).removeAlpha().raw().toBuffer()
}

async function picturesIn(file: Buffer, type: string): Promise<Buffer[]> {
  const budget = new Budget({ entries: 100, bytes: 1 << 28, ratio: 100 }, file.length)
  const found: Buffer[] = []
  for await (const member of pixelThumbnails.members(sourceOfBuffer(file), budget, new Map(), type))
    found.push((await member.read!()) as Buffer)
  return found
}

describe.each(PIXEL_THUMBNAIL_TYPES)('%s', (type) => {
  it('gives every picture but room that was never used, as it was drawn', async () => {
    const layout = pixelLayoutOf(type)!
    const [one, two] = [await drawn(layout, 3), await drawn(layout, 8)]
    const file = Buffer.concat([
      pixelThumbnail(layout, one),
      Buffer.alloc(layout.slotBytes, 0xff),
      pixelThumbnail(layout, two),
    ])
    const bitmaps = await picturesIn(file, type)
    expect(bitmaps).toHaveLength(2)
    await loadDecoders()
    for (const [i, given] of [one, two].entries()) {
      const decoded = await decodePicture(bitmaps[i]!, 'image/bmp', { pixels: 1e6 })
      if (!decoded.ok) throw new Error(decoded.reason)
      const seen = decoded.picture.data
      const sides = [decoded.picture.width, decoded.picture.height]
      const upright = layout.coding === 'rgb565-turned'
      expect(sides).toEqual(upright ? [layout.height, layout.width] : [layout.width, layout.height])
      let away = 0
      for (let at = 0; at < given.length; at++) away += Math.abs(seen[at]! - given[at]!)
      // Five bits of eight, and colours of two or four pixels together.
      expect(away / given.length).toBeLessThan(6)
    }
  })
})

describe('a file of such thumbnails', () => {
  const TYPE = 'application/x-ithmb-rgb565-42x30'

  it.each([
    ['F1009_1.ithmb', 2520n, TYPE],
    ['Photos/Thumbs/f1009_12.ITHMB', 5040n, TYPE],
    ['F1009_1.ithmb', 2521n, null],
    ['F1009_1.ithmb', 0n, null],
    ['F1081_1.ithmb', 2520n, null],
    ['158x158.ithmb', 2520n, null],
    ['F1009_1.jpg', 2520n, null],
  ])('%s of %d bytes is %s', (name, bytes, type) => {
    expect(pixelThumbnailsType(name, bytes)).toBe(type)
  })

  it('inside an archive is opened by its name too, and no mutant of it breaks a child', async () => {
    const layout = pixelLayoutOf(TYPE)!
    const file = pixelThumbnail(layout, await drawn(layout, 3))
    const archive = zipOf({ 'Thumbs/F1009_1.ithmb': file })
    const { members, result } = await listContainer(archive, undefined, '\0member:Thumbs/F1009_1.ithmb')
    expect([result, members.map(({ name, mediaType }) => [name, mediaType])]).toEqual([
      { result: 'done' },
      [['picture 1', 'image/bmp']],
    ])
    for (let i = 0; i < 200; i++) await picturesIn(mutant(file, i), TYPE)
  })
})
