import { describe, expect, it } from 'vitest'
import { wilson } from '../../src/classify/statistics.ts'
import { clopperPearson, shownByNoMiss } from '../../src/validate/model/figures.ts'

describe('intervals of a counted share', () => {
  // Two-sided 95 %: reference values of the exact interval and of Wilson’s.
  it.each([
    [0, 100, 0, 0.036217, 0, 0.036993],
    [1, 100, 0.000253, 0.054459, 0.001767, 0.054486],
    [5, 100, 0.016432, 0.112835, 0.021544, 0.11175],
    [50, 100, 0.398321, 0.601679, 0.403832, 0.596168],
    [95, 100, 0.887165, 0.983568, 0.88825, 0.978456],
    [100, 100, 0.963783, 1, 0.963007, 1],
    [52, 5179, 0.007508, 0.013146, 0.007665, 0.013142],
  ])('%i of %i', (x, n, low, high, wilsonLow, wilsonHigh) => {
    const exact = clopperPearson(x, n)
    expect(exact.low).toBeCloseTo(low, 6)
    expect(exact.high).toBeCloseTo(high, 6)
    const shown = wilson(x, n)!
    expect(shown.low).toBeCloseTo(wilsonLow, 6)
    expect(shown.high).toBeCloseTo(wilsonHigh, 6)
  })

  it('refuses what is no share', () => {
    expect(() => clopperPearson(1, 0)).toThrow(RangeError)
    expect(() => clopperPearson(3, 2)).toThrow(RangeError)
  })

  it('says what no miss in so many plants shows', () => {
    expect(shownByNoMiss(58)).toBeLessThan(0.95)
    expect(shownByNoMiss(59)).toBeGreaterThan(0.95)
    expect(shownByNoMiss(298)).toBeLessThan(0.99)
    expect(shownByNoMiss(299)).toBeGreaterThan(0.99)
  })
})
