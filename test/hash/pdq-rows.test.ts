import { describe, expect, it } from 'vitest'
import { lowFrequencies, plainLowFrequencies } from '../../src/hash/pdq-cosine.ts'
import { plainRowSummer, rowSummer } from '../../src/hash/pdq-rows.ts'
import { axisTaps, mirroredTaps } from '../../src/hash/pdq-taps.ts'
import { randomFrom } from './pdq-vectors.ts'

const random = randomFrom(3)

describe('weighted sums of rows', () => {
  it.each([
    [5, 700],
    [17, 300],
    [1000, 129],
    [3001, 257],
    [48, 3000],
    [7, 24000],
    [400000, 5],
  ])('are the same with and without the kernel: %i bytes a row, %i rows', (rowBytes, rows) => {
    const pixels = Uint8Array.from({ length: rowBytes * rows }, () => random() * 256)
    const taps = axisTaps(rows)
    for (const tap of [taps, mirroredTaps(taps, rows)].flatMap((axis) => [axis[0]!, axis[40]!, axis[63]!])) {
      const sums = rowSummer().sum(pixels, rowBytes, tap)
      const expected = plainRowSummer().sum(pixels, rowBytes, tap)
      expect(sums.subarray(0, rowBytes).findIndex((sum, x) => sum !== expected[x])).toBe(-1)
    }
  })

  it('are whole numbers under 2^31 at the brightest: the widest picture that the kernel takes', () => {
    const rows = 23000
    const pixels = new Uint8Array(16 * rows).fill(255)
    for (const tap of axisTaps(rows)) {
      expect(rowSummer().sum(pixels, 16, tap)[15]).toBe(tap.denominator * 255)
    }
  })
})

describe('the cosine transform', () => {
  it('rounds alike with and without the kernel', () => {
    for (let n = 0; n < 50; n++) {
      const grid = Float32Array.from({ length: 64 * 64 }, (_, at) => (n % 2 ? (at % 64) * 3 : random() * 255))
      expect(lowFrequencies(grid)).toEqual(plainLowFrequencies(grid))
    }
  })
})

describe('taps of one axis', () => {
  it.each([1, 5, 64, 128, 129, 1000, 3024, 4032, 65535])(
    'stay inside a length of %i and add up',
    (length) => {
      const taps = axisTaps(length)
      expect(taps).toHaveLength(64)
      for (const { start, weights, denominator } of taps) {
        expect(start).toBeGreaterThanOrEqual(0)
        expect(start + weights.length).toBeLessThanOrEqual(length)
        expect(weights.every(Number.isInteger)).toBe(true)
        expect(weights.reduce((sum, weight) => sum + weight)).toBe(denominator)
      }
    },
  )
})
