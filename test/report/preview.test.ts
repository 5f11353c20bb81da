import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { previewPng } from '../../src/report/html/preview.ts'
import { gradient } from './ledgers.ts'

describe('a destructive preview', () => {
  it.each([
    [16, 16],
    [16, 12],
    [9, 16],
    [1, 1],
  ])('of %i × %i cells is a grey PNG of exactly those cells', async (width, height) => {
    const of = gradient(width, height)
    const { data, info } = await sharp(previewPng(of))
      .toColourspace('b-w')
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect({ width: info.width, height: info.height, channels: info.channels }).toEqual({
      width,
      height,
      channels: 1,
    })
    expect(data).toEqual(of.cells)
  })

  it('carries no metadata', async () => {
    const { exif, icc, xmp, iptc } = await sharp(previewPng(gradient(16, 16))).metadata()
    expect([exif, icc, xmp, iptc]).toEqual([undefined, undefined, undefined, undefined])
  })

  it.each([
    [17, 1],
    [1, 17],
    [0, 0],
    [2.5, 2],
  ])('with %d × %d cells is refused', (width, height) => {
    expect(() => previewPng({ width, height, cells: Buffer.alloc(Math.ceil(width * height)) })).toThrow(
      RangeError,
    )
  })

  it('with more cells than it says is refused', () => {
    expect(() => previewPng({ width: 16, height: 16, cells: Buffer.alloc(257) })).toThrow(RangeError)
  })
})
