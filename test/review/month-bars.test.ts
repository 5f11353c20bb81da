/** Bars of months: the axis is that of the contents, and none is lost by it. */
import { expect, it } from 'vitest'
import { monthBars } from '../../src/review/month-bars.ts'

const at = (year: number, month: number) => year * 12 + month - 1
const sum = (bars: ReturnType<typeof monthBars>) => bars.reduce((all, { count }) => all + count, 0)

it('has no bar without contents, and one for a single month', () => {
  expect(monthBars(new Map())).toEqual([])
  expect(monthBars(new Map([[at(2026, 1), 3]]))).toEqual([{ month: '2026-01', count: 3 }])
})

it('counts one content of 2042 and one of 1980 at the ends, not on an axis of 62 years', () => {
  const bars = monthBars(
    new Map([
      [at(1980, 1), 1],
      [at(2024, 11), 100],
      [at(2025, 2), 200],
      [at(2042, 6), 1],
    ]),
  )
  expect(bars).toEqual([
    { month: '2024-11', count: 101, earlier: true },
    { month: '2024-12', count: 0 },
    { month: '2025-01', count: 0 },
    { month: '2025-02', count: 201, later: true },
  ])
})

it('joins nothing that is near, however few it is, and nothing of few contents', () => {
  const near = monthBars(
    new Map([
      [at(2024, 12), 1],
      [at(2025, 2), 500],
      [at(2025, 12), 1],
    ]),
  )
  expect(near).toHaveLength(13)
  expect(near.some(({ earlier, later }) => earlier || later)).toBe(false)
  expect(
    monthBars(
      new Map([
        [at(2020, 1), 1],
        [at(2025, 1), 20],
      ]),
    ),
  ).toHaveLength(61)
})

it('has at most 240 bars, and every content', () => {
  const counts = new Map(Array.from({ length: 600 }, (_, i) => [at(1976, 1) + i, 7]))
  const bars = monthBars(counts)
  expect([bars.length, sum(bars), bars[0]!.earlier]).toEqual([240, 4200, true])
})
