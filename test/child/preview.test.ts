import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { previewOf } from '../../src/confined/decoder/look/preview.ts'
import type { Picture } from '../../src/formats/media/pixels/picture.ts'
import { toPixels } from '../../src/formats/media/pixels/scale.ts'

function drawn(width: number, height: number, colour: (x: number, y: number) => readonly number[]): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3)
  }
  return { width, height, channels: 3, data, orientation: 1 }
}

const grey = () => [90, 90, 90]

describe('a preview', () => {
  it('has at most 16 cells a side, each of at least 64 source pixels, for every size', () => {
    for (const width of [1, 7, 8, 15, 16, 17, 63, 64, 100, 127, 128, 129, 700, 1536]) {
      for (const height of [1, 8, 16, 33, 127, 128, 500, 1536]) {
        const preview = previewOf(drawn(width, height, grey))
        if (preview === null) continue
        expect(Math.max(preview.width, preview.height)).toBeLessThanOrEqual(16)
        const smallestCell = Math.floor(width / preview.width) * Math.floor(height / preview.height)
        expect(smallestCell).toBeGreaterThanOrEqual(64)
        expect(preview.cells).toEqual(Buffer.alloc(preview.width * preview.height, 90))
      }
    }
  })

  it('is not made of pictures under 8 pixels a side, nor of one cell', () => {
    expect(previewOf(drawn(7, 1000, grey))).toBeNull()
    expect(previewOf(drawn(15, 15, grey))).toBeNull()
    expect(previewOf(drawn(16, 16, grey))).toMatchObject({ width: 2, height: 2 })
  })

  it('keeps the shape of the picture', () => {
    expect(previewOf(drawn(1536, 864, grey))).toMatchObject({ width: 16, height: 9 })
    expect(previewOf(drawn(300, 1200, grey))).toMatchObject({ width: 4, height: 16 })
  })

  it('is the mean luma of each cell', () => {
    const half = previewOf(drawn(128, 128, (x) => (x < 64 ? [255, 0, 0] : [0, 0, 255])))
    expect(half?.cells[0]).toBe(Math.round(0.299 * 255))
    expect(half?.cells[15]).toBe(Math.round(0.114 * 255))
  })

  it('is the same as when each pixel of a cell is added by itself, at every width and height', () => {
    const random = seeded(3)
    for (let i = 0; i < 60; i++) {
      const [width, height] = [16 + Math.floor(random() * 500), 16 + Math.floor(random() * 300)] as const
      const picture = drawn(width, height, () => [random() * 256, random() * 256, random() * 256])
      const { width: columns, height: rows, cells } = previewOf(picture)!
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const [top, bottom] = [row, row + 1].map((edge) => Math.floor((edge * height) / rows))
          const [left, right] = [column, column + 1].map((edge) => Math.floor((edge * width) / columns))
          const sums = [0, 0, 0]
          for (let y = top!; y < bottom!; y++)
            for (let x = left!; x < right!; x++)
              for (const c of [0, 1, 2]) sums[c]! += picture.data[(y * width + x) * 3 + c]!
          const [red, green, blue] = sums as [number, number, number]
          const pixels = (right! - left!) * (bottom! - top!)
          const mean = Math.round((0.299 * red + 0.587 * green + 0.114 * blue) / pixels)
          expect(cells[row * columns + column], `${width} × ${height}`).toBe(mean)
        }
    }
  })

  it('holds no detail finer than its cells: a checkerboard is plain grey', () => {
    const board = previewOf(drawn(512, 512, (x, y) => ((x + y) % 2 ? [255, 255, 255] : [0, 0, 0])))
    expect(new Set(board?.cells)).toEqual(new Set([128]))
  })

  it('is of the upright picture, in every orientation, and of the colours as stored', async () => {
    const random = seeded(5)
    for (let orientation = 1; orientation <= 8; orientation++) {
      const sides = [100 + Math.floor(random() * 400), 100 + Math.floor(random() * 300)] as const
      const picture = {
        ...drawn(...sides, () => [random() * 256, random() * 256, random() * 256]),
        orientation,
      }
      const upright = await toPixels(picture, Number.POSITIVE_INFINITY)
      const { width, height, rgb } = upright
      const turned = previewOf({ width, height, channels: 3, data: rgb, orientation: 1 })
      expect(previewOf(picture), `orientation ${orientation}`).toEqual(turned)
      const data = new Uint8Array(picture.width * picture.height * 4)
      for (let i = 0; i < data.length / 4; i++) data.set(picture.data.subarray(i * 3, i * 3 + 3), i * 4)
      expect(previewOf({ ...picture, channels: 4, data }), 'with alpha').toEqual(turned)
    }
  })

  it('is of the whole picture also where it is larger than what models see', () => {
    const wide = previewOf(drawn(3100, 40, (x) => (x < 1550 ? [10, 10, 10] : [200, 200, 200])))
    expect([...wide!.cells]).toEqual([...Array(8).fill(10), ...Array(8).fill(200)])
  })
})
