import { describe, expect, it } from 'vitest'
import { areaUnderCurve, predictiveValue, thresholdAt, wilson } from '../../src/classify/statistics.ts'

describe('wilson', () => {
  it('gives the intervals that were published for the shipped thresholds', () => {
    // 48 and 5 of 5,179 ordinary photos: 0.70–1.23 % and 0.04–0.23 %.
    const rounded = (hits: number) => {
      const interval = wilson(hits, 5179)!
      return [interval.low, interval.high].map((share) => (share * 100).toFixed(2))
    }
    expect(rounded(48)).toEqual(['0.70', '1.23'])
    expect(rounded(5)).toEqual(['0.04', '0.23'])
  })

  it('stays within 0 and 1, and says nothing of nothing', () => {
    expect(wilson(0, 10)).toMatchObject({ value: 0, low: 0 })
    expect(wilson(10, 10)).toMatchObject({ value: 1, high: 1 })
    expect(wilson(0, 0)).toBeNull()
  })
})

describe('areaUnderCurve', () => {
  const positives = [9, 8, 8, 5, 3, 7, 7]
  const negatives = [1, 2, 3, 8, 5, 5, 0, 4]

  it('is the share of pairs in the right order, ties half', () => {
    let right = 0
    for (const p of positives) for (const n of negatives) right += p > n ? 1 : p === n ? 0.5 : 0
    const area = areaUnderCurve(positives, negatives)!
    expect(area.value).toBeCloseTo(right / 56, 12)
    expect(area.low).toBeLessThan(area.value)
    expect(area.high).toBeGreaterThan(area.value)
  })

  it('has the variance of DeLong, by the slow formula', () => {
    const placed = (x: number, others: readonly number[]) =>
      others.reduce((sum, o) => sum + (x > o ? 1 : x === o ? 0.5 : 0), 0) / others.length
    const v10 = positives.map((p) => placed(p, negatives))
    const v01 = negatives.map((n) => 1 - placed(n, positives))
    const spread = (v: readonly number[]) => {
      const m = v.reduce((a, b) => a + b) / v.length
      return v.reduce((s, x) => s + (x - m) ** 2, 0) / (v.length - 1) / v.length
    }
    const area = areaUnderCurve(positives, negatives)!
    const half = 1.959963984540054 * Math.sqrt(spread(v10) + spread(v01))
    expect(area.low).toBeCloseTo(Math.max(0, area.value - half), 10)
    expect(area.high).toBeCloseTo(Math.min(1, area.value + half), 10)
  })

  it('is 1 for a perfect order and null without both kinds', () => {
    expect(areaUnderCurve([2, 3], [0, 1])!.value).toBe(1)
    expect(areaUnderCurve([], [1])).toBeNull()
  })
})

describe('thresholdAt', () => {
  it('is the lowest threshold that marks at most the share', () => {
    const negatives = Array.from({ length: 1000 }, (_, i) => i)
    for (const share of [0.05, 0.01, 0.001]) {
      const threshold = thresholdAt(negatives, share)!
      const marked = (t: number) => negatives.filter((n) => n >= t).length / 1000
      expect(marked(threshold)).toBeLessThanOrEqual(share)
      expect(marked(threshold - 1)).toBeGreaterThan(share)
    }
  })

  it('does not exist when the strongest score must not be marked', () => {
    expect(thresholdAt([10_000, 10_000, 10_000], 0.01)).toBeNull()
  })
})

describe('predictiveValue', () => {
  it('falls with the prevalence: 90 % recall at 1 % false positives is one in twelve at one in a thousand', () => {
    expect(predictiveValue(0.9, 0.01, 0.5)).toBeCloseTo(0.989, 3)
    expect(predictiveValue(0.9, 0.01, 0.001)).toBeCloseTo(0.0826, 4)
    expect(predictiveValue(0, 0, 0.1)).toBeNull()
  })
})
