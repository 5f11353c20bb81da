import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { syntheticPictures } from '../../scripts/convert/synthetic-pictures.ts'
import { pictureKindOf } from '../../src/classify/picture-kind.ts'
import type { Pixels } from '../../src/contracts/content.ts'

async function svg(content: string): Promise<Pixels> {
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="1000">${content}</svg>`
  const { data, info } = await sharp(Buffer.from(text))
    .flatten({ background: '#fff' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgb: data }
}

describe('pictureKindOf', () => {
  it('calls what is noisy a photograph', () => {
    const noisy = syntheticPictures().filter((p) => /noise|discs|blocks/.test(p.name))
    expect(noisy).toHaveLength(3)
    for (const { pixels } of noisy) expect(pictureKindOf(pixels)).toBe('photograph')
  })

  it('calls a page of dark strokes on white a document', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => {
      const words = Array.from(
        { length: 9 },
        (_, k) => `<rect x="${60 + k * 76}" y="${40 + i * 24}" width="60" height="3"/>`,
      )
      return words.join('')
    })
    expect(pictureKindOf(await svg(lines.join('')))).toBe('document')
  })

  it('calls coloured areas a graphic', async () => {
    const areas =
      '<rect width="800" height="1000" fill="#2266cc"/><circle cx="400" cy="400" r="300" fill="#ffcc00"/>'
    expect(pictureKindOf(await svg(areas))).toBe('graphic')
  })

  it('takes pictures of one pixel, one row and one column', () => {
    for (const [width, height] of [
      [1, 1],
      [500, 1],
      [1, 500],
    ] as const) {
      const pixels = { width, height, rgb: new Uint8Array(width * height * 3).fill(255) }
      expect(pictureKindOf(pixels)).toBe('document')
    }
  })
})
