import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pdqFlavour, toNearest512 } from '../../bench/pdq-flavour.ts'
import { PDQ_ORIENTATIONS, pdqFromLuma, pdqFromRgb, pdqOrientations } from '../../src/hash/pdq.ts'
import { naiveLuma, naivePdq } from './pdq-naive.ts'
import { decode, havePdqData, PDQ_DATA, pdqVectors, randomFrom, syntheticPixels } from './pdq-vectors.ts'

describe('PDQ against its naive version', () => {
  const sizes: [number, number][] = [
    [5, 5],
    [5, 301],
    [63, 64],
    [64, 64],
    [65, 63],
    [127, 128],
    [128, 129],
    [129, 130],
    [160, 100],
    [256, 257],
    [383, 385],
    [517, 300],
    [641, 480],
  ]
  it.each(sizes)('gives the same bits and quality at %i×%i, for 1, 3 and 4 channels', (width, height) => {
    for (const channels of [1, 3, 4] as const) {
      const pixels = syntheticPixels(width, height, channels, width * 1000 + height)
      const luma = naiveLuma(pixels, channels)
      const naive = naivePdq(luma, width, height)
      expect(pdqFromRgb(pixels, width, height, channels)).toMatchObject(naive)
      expect(pdqFromLuma(Float64Array.from(luma), width, height)).toMatchObject(naive)
    }
  })

  it('gives the same bits on noise of a hundred random sizes', () => {
    const random = randomFrom(7)
    for (let n = 0; n < 100; n++) {
      const width = 5 + Math.floor(random() * 200)
      const height = 5 + Math.floor(random() * 200)
      const pixels = Uint8Array.from({ length: width * height * 3 }, () => random() * 256)
      const naive = naivePdq(naiveLuma(pixels, 3), width, height)
      expect(pdqFromRgb(pixels, width, height, 3), `${width}×${height}`).toMatchObject(naive)
    }
  })
})

describe('PDQ of pictures without detail', () => {
  it('gives zero bits and quality 0 when a side is under 5 pixels', () => {
    for (const [width, height] of [
      [4, 500],
      [500, 4],
      [1, 1],
    ] as const) {
      const { hex, quality, hash } = pdqFromRgb(new Uint8Array(width * height * 3).fill(9), width, height, 3)
      expect({ hex, quality, bytes: hash.length }).toEqual({ hex: '0'.repeat(64), quality: 0, bytes: 32 })
    }
  })

  it('gives quality 0 for one flat colour', () => {
    expect(pdqFromRgb(new Uint8Array(300 * 200 * 3).fill(77), 300, 200, 3).quality).toBe(0)
  })

  it('refuses pixels that do not fill the stated sides', () => {
    expect(() => pdqFromRgb(new Uint8Array(10), 10, 10, 3)).toThrow(RangeError)
    expect(() => pdqFromRgb(new Uint8Array(0), 0, 0, 3)).toThrow(RangeError)
    expect(() => pdqFromLuma(new Float32Array(99), 10, 10)).toThrow(RangeError)
  })
})

describe('PDQ of turned and mirrored pictures', () => {
  it.each([
    [200, 131],
    [256, 256],
    [301, 640],
  ])('equals the hash of the really turned pixels at %i×%i', (width, height) => {
    const pixels = syntheticPixels(width, height, 3, 11)
    const derived = pdqOrientations(pixels, width, height, 3)
    for (const orientation of PDQ_ORIENTATIONS) {
      const turned = turn(pixels, width, height, orientation)
      expect(derived[orientation], orientation).toBe(
        pdqFromRgb(turned.pixels, turned.width, turned.height, 3).hex,
      )
    }
    expect(new Set(Object.values(derived)).size).toBe(8)
  })
})

describe('PDQ of a picture that was decoded smaller', () => {
  const [width, height] = [1800, 1201]
  const pixels = syntheticPixels(width, height, 3, 12)
  const full = pdqFromRgb(pixels, width, height, 3)

  it.each([1536, 1024, 512])(
    'comes within 6 bits of the full picture at %i pixels, and nearer than its own hash',
    async (side) => {
      const { data, info } = await sharp(pixels, { raw: { width, height, channels: 3 } })
        .resize(side, side, { fit: 'inside' })
        .raw()
        .toBuffer({ resolveWithObject: true })
      const sampledAsFull = pdqFromRgb(data, info.width, info.height, 3, { width, height })
      const byItself = pdqFromRgb(data, info.width, info.height, 3)
      expect(bitsBetween(sampledAsFull.hex, full.hex)).toBeLessThanOrEqual(6)
      expect(bitsBetween(sampledAsFull.hex, full.hex)).toBeLessThanOrEqual(
        bitsBetween(byItself.hex, full.hex),
      )
      const turned = pdqOrientations(data, info.width, info.height, 3, { width, height })
      expect(turned.original).toBe(sampledAsFull.hex)
      expect(
        bitsBetween(turned.rotate180, pdqOrientations(pixels, width, height, 3).rotate180),
      ).toBeLessThanOrEqual(6)
    },
  )

  it('is named by its side, and full where nothing was reduced', () => {
    expect(pdqFlavour({ width: 1536, height: 1025 }, { width, height })).toBe('reduced-1536')
    expect(pdqFlavour({ width, height }, { width, height })).toBe('full')
  })

  it('refuses a reduced picture larger than the full one', () => {
    expect(() => pdqFromRgb(pixels, width, height, 3, { width: 900, height: 601 })).toThrow(RangeError)
  })
})

describe.skipIf(!havePdqData)('PDQ against the published vectors', () => {
  it('is exact at full resolution, and within 10 bits at quality 80 and above otherwise', async () => {
    const rows = []
    for (const vector of pdqVectors()) {
      const { data, width, height, channels } = await decode(join(PDQ_DATA, vector.file))
      const flavour = vector.flavour[0]
      const stored = { pixels: data, width, height }
      const picture = flavour === 'B' ? toNearest512(stored, channels) : stored
      const { hex, quality } = pdqFromRgb(picture.pixels, picture.width, picture.height, channels)
      const distanceBits = bitsBetween(hex, vector.pdq)
      rows.push({ file: vector.file, flavour, size: `${width}×${height}`, quality, distanceBits })
      if (vector.quality !== null) expect(quality, vector.file).toBe(vector.quality)
      if (flavour === 'A') expect(distanceBits, vector.file).toBe(0)
      else if (quality >= 80) expect(distanceBits, vector.file).toBeLessThanOrEqual(10)
    }
    console.table(rows)
    expect(rows.length).toBeGreaterThan(0)
  })

  it('gives the naive version’s bits on every picture', async () => {
    for (const file of new Set(pdqVectors().map((vector) => vector.file))) {
      const { data, width, height, channels } = await decode(join(PDQ_DATA, file))
      const naive = naivePdq(naiveLuma(data, channels), width, height)
      expect(pdqFromRgb(data, width, height, channels), file).toMatchObject(naive)
    }
  })
})

function bitsBetween(a: string, b: string): number {
  return [...(BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2)].filter((bit) => bit === '1').length
}

/** Where each pixel of the turned picture comes from. */
function turn(pixels: Uint8Array, width: number, height: number, orientation: string) {
  const right = width - 1
  const bottom = height - 1
  const sources: Record<string, (x: number, y: number) => [number, number]> = {
    original: (x, y) => [x, y],
    rotate90: (x, y) => [right - y, x],
    rotate180: (x, y) => [right - x, bottom - y],
    rotate270: (x, y) => [y, bottom - x],
    'flip-top-bottom': (x, y) => [x, bottom - y],
    'flip-left-right': (x, y) => [right - x, y],
    transpose: (x, y) => [y, x],
    'anti-transpose': (x, y) => [right - y, bottom - x],
  }
  const swaps = ['rotate90', 'rotate270', 'transpose', 'anti-transpose'].includes(orientation)
  const [turnedWidth, turnedHeight] = swaps ? [height, width] : [width, height]
  const turned = new Uint8Array(pixels.length)
  for (let y = 0; y < turnedHeight; y++) {
    for (let x = 0; x < turnedWidth; x++) {
      const [fromX, fromY] = sources[orientation]!(x, y)
      for (let c = 0; c < 3; c++) {
        turned[(y * turnedWidth + x) * 3 + c] = pixels[(fromY * width + fromX) * 3 + c]!
      }
    }
  }
  return { pixels: turned, width: turnedWidth, height: turnedHeight }
}
