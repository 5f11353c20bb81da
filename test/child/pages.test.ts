import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heicFile } from '../../bench/heic-file.ts'
import { drawRgb } from '../../fixtures/pictures.ts'
import type { JobPool } from '../../src/children/job-pool.ts'
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

  it('says that one of several was looked at when it is a HEIC', async () => {
    const second = { rgb: drawRgb({ seed: 6, ...SIDES }), ...SIDES }
    const file = await heicFile(drawRgb({ seed: 5, ...SIDES }), 320, 240, { thumbnail: second })
    // No longer a thumbnail of the first: a picture of its own.
    file.write('base', file.indexOf('thmb'))
    expect((await look(pool, file, 'image/heic')).result).toMatchObject({
      reason: 'partly-examined',
      detail: { code: 'pictures-passed-over', params: { pictures: 1 } },
    })
  })
})
