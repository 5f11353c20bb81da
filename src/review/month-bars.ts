/** Contents by month as bars: few that lie far from the others do not stretch the axis, they are counted at its ends. */
import type { Facets } from './said-facets.ts'

/** Of contents at each end that may be joined into the bar at that end. */
const FAR_SHARE = 0.01
/** Months that the axis may grow by so that nothing is joined. */
const NEAR_MONTHS = 12
const MOST_BARS = 240

/** @param counts contents by month, counted from the year 0. @returns one bar a month, without gaps; no content is left out */
export function monthBars(counts: ReadonlyMap<number, number>): Facets['months'] {
  if (counts.size === 0) return []
  const months = [...counts].sort(([one], [other]) => one - other)
  const far = Math.floor(months.reduce((sum, [, count]) => sum + count, 0) * FAR_SHARE)
  const [least, most] = [months[0]![0], months.at(-1)![0]]
  const last = nearest(most, monthAfter(months.toReversed(), far))
  const first = Math.max(nearest(least, monthAfter(months, far)), last - MOST_BARS + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const month = first + i
    const joined = months.filter(
      ([one]) => one === month || (one < month && i === 0) || (one > month && month === last),
    )
    const count = joined.reduce((sum, [, contents]) => sum + contents, 0)
    const beyond = {
      ...(i === 0 && least < first && { earlier: true as const }),
      ...(month === last && most > last && { later: true as const }),
    }
    return { month: monthText(month), count, ...beyond }
  })
}

/** Month of the first content after `far` of them. */
function monthAfter(months: readonly (readonly [month: number, count: number])[], far: number): number {
  let passed = 0
  return months.find(([, count]) => (passed += count) > far)![0]
}

function nearest(end: number, chosen: number): number {
  return Math.abs(end - chosen) <= NEAR_MONTHS ? end : chosen
}

/** `2026-02`. */
function monthText(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`
}
