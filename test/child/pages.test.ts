import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { drawVideo } from '../../fixtures/draw-video.ts'
import { drawing, drawRgb, png } from '../../fixtures/pictures.ts'
import { identifyContent } from '../../src/formats/signatures/index.ts'
import type { JobPool } from '../../src/host/decoder/job-pool.ts'
import { attributesOf, hashesOf, look, lookPool } from './look-pool.ts'

const SIDES = { width: 320, height: 240 }

let pool: JobPool
beforeAll(() => {
  pool = lookPool()
})
afterAll(() => pool.close())

/** One picture a page. */
function tiff(seeds: readonly number[]): Promise<Buffer> {
  const pages = Buffer.concat(seeds.map((seed) => drawRgb({ seed, ...SIDES })))
  const height = SIDES.height * seeds.length
  return sharp(pages, { raw: { width: SIDES.width, height, channels: 3, pageHeight: SIDES.height } as never })
    .tiff({ compression: 'deflate' })
    .toBuffer()
}

describe('a file of several pictures', () => {
  it('is looked at page by page when it is a TIFF', async () => {
    const examination = await look(pool, await tiff([1, 2, 3]), 'image/tiff')
    expect(examination.result).toEqual({ result: 'done' })
    expect(attributesOf(examination)).toMatchObject({ dimensions: '320 240', pages: '3' })
    const [second] = hashesOf(await look(pool, await tiff([2]), 'image/tiff'))
    const hashes = hashesOf(examination)
    expect(hashes.map(({ part }) => part).sort()).toEqual(['1', '2', 'original'])
    expect(hashes.find(({ part }) => part === '1')!.hex).toBe(second!.hex)
  })

  it('says how many pages were passed over', async () => {
    const examination = await look(pool, await tiff(Array.from({ length: 20 }, (_, i) => i)), 'image/tiff')
    expect(examination.result).toMatchObject({
      reason: 'partly-examined',
      detail: { code: 'pages-passed-over', params: { pages: 3, of: 20 } },
    })
  })

  it('is looked at picture by picture when it is a HEIC, and what is hidden in it is said', async () => {
    const second = { rgb: drawRgb({ seed: 6, ...SIDES }), ...SIDES }
    const file = await heicFile(drawRgb({ seed: 5, ...SIDES }), 320, 240, { thumbnail: second })
    // No longer a thumbnail of the first: a picture of its own.
    file.write('base', file.indexOf('thmb'))
    const examination = await look(pool, file, 'image/heic')
    expect(examination.result).toEqual({ result: 'done' })
    const alone = hashesOf(await look(pool, await heicFile(second.rgb, 320, 240), 'image/heic'))
    const hashes = hashesOf(examination)
    expect(hashes.map(({ part }) => part).sort()).toEqual(['1', 'original'])
    // Two decoders: a pixel of it may be one step lighter.
    const bits = distance(hashes.find(({ part }) => part === '1')!.hex, alone[0]!.hex)
    expect(bits).toBeLessThan(8)
    // Nothing refers to it, and its flag hides it from viewers.
    const hidden = Buffer.from(file)
    hidden.write('free', hidden.indexOf('iref'))
    const item = hidden.lastIndexOf('infe')
    hidden[item + 7] = 1
    expect((await look(pool, hidden, 'image/heic')).result).toMatchObject({
      reason: 'partly-examined',
      detail: { code: 'pictures-passed-over', params: { pictures: 1 } },
    })
  })

  it('is looked at frame by frame when it is a sequence of AVIF', async () => {
    const file = await drawVideo({
      width: 320,
      height: 240,
      frames: 8,
      framesPerSecond: 4,
      gop: 4,
      codec: 'libsvtav1',
      container: 'avif',
      draw: (frame, x, y) => (frame < 4 ? x & 0xff : (((x >> 5) ^ (y >> 4)) & 1) * 200 + 20),
    })
    expect((await identifyContent(file)).mediaType).toBe('image/avif')
    const examination = await look(pool, file, 'image/avif')
    // Its items are none that sharp reads: the track gives the first frame, too.
    expect(examination.result).toMatchObject({ reason: 'decoded-leniently' })
    expect(new Set(hashesOf(examination).map(({ hex }) => hex)).size).toBeGreaterThan(1)
  })

  it('is looked at picture by picture when it is an icon', async () => {
    const pictures = [1, 2, 3].map((seed) => png({ seed, width: 64, height: 64 }))
    const file = iconOf(await Promise.all(pictures))
    const examination = await look(pool, file, 'image/x-icon')
    expect(examination.result).toEqual({ result: 'done' })
    const hexes = new Set(hashesOf(examination).map(({ hex }) => hex))
    for (const picture of pictures)
      expect(hexes).toContain(hashesOf(await look(pool, await picture, 'image/png'))[0]!.hex)
    const sizes = [128, 64, 32, 16].map((side) =>
      drawing({ seed: 4, width: 256, height: 256 }).resize(side, side).png().toBuffer(),
    )
    const usual = await look(pool, iconOf(await Promise.all(sizes)), 'image/x-icon')
    expect(hashesOf(usual).map(({ part }) => part)).toEqual(['original'])
    const many = iconOf(Array<Buffer>(30).fill(await pictures[0]!))
    expect((await look(pool, many, 'image/x-icon')).result).toMatchObject({
      detail: { code: 'pictures-passed-over', params: { pictures: 13 } },
    })
    expect((await look(pool, iconOf([await pictures[0]!]), 'image/x-icon')).result).toEqual({
      result: 'done',
    })
  })

  it('says how many layers of a Photoshop file were not looked at', async () => {
    const layers = async (count: number) =>
      (await look(pool, photoshop(count), 'image/vnd.adobe.photoshop')).result
    expect(await layers(0)).toEqual({ result: 'done' })
    expect(await layers(1)).toEqual({ result: 'done' })
    expect(await layers(3)).toMatchObject({
      detail: { code: 'pictures-passed-over', params: { pictures: 3 } },
    })
  })

  it('is not done when it is of DICOM, which nothing decodes', async () => {
    const file = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(400)])
    const { mediaType } = await identifyContent(file)
    expect((await look(pool, file, mediaType)).result).toMatchObject({ reason: 'unsupported-format' })
  })
})

function distance(one: string, other: string): number {
  const differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`)
  return [...differing.toString(2)].filter((bit) => bit === '1').length
}

function iconOf(pictures: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let at = head.length
  pictures.forEach((picture, i) => {
    const row = 6 + 16 * i
    head.writeUInt8(64, row)
    head.writeUInt8(64, row + 1)
    head.writeUInt16LE(1, row + 4)
    head.writeUInt16LE(32, row + 6)
    head.writeUInt32LE(picture.length, row + 8)
    head.writeUInt32LE(at, row + 12)
    at += picture.length
  })
  return Buffer.concat([head, ...pictures])
}

/** Eight by eight pixels of RGB, not packed; its layers are empty. */
function photoshop(layers: number): Buffer {
  const head = Buffer.from('384250530001000000000000000300000008000000080008000300000000' + '00000000', 'hex')
  const layer = Buffer.concat([
    Buffer.alloc(16),
    Buffer.from([0, 0]),
    Buffer.from('8BIMnorm'),
    Buffer.from([255, 0, 0, 0]),
    Buffer.alloc(4),
  ])
  const list = Buffer.concat([Buffer.from([layers >> 8, layers]), ...Array<Buffer>(layers).fill(layer)])
  const even = Buffer.concat([list, Buffer.alloc(list.length & 1)])
  const length = (bytes: number) => {
    const four = Buffer.alloc(4)
    four.writeUInt32BE(bytes)
    return four
  }
  const section =
    layers === 0 ? length(0) : Buffer.concat([length(even.length + 8), length(even.length), even, length(0)])
  return Buffer.concat([head, section, Buffer.from([0, 0]), drawRgb({ seed: 4, width: 8, height: 8 })])
}
