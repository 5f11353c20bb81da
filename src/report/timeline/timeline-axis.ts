/** Axes of the timeline: empty months and hours are rows too, so that a gap is visible. */

export interface AxisRow {
  /** `2026-11`, or `2019-02 – 2024-10` for a long range of empty months; `07` for an hour. */
  readonly label: string
  readonly count: number
}

/** Maximum number of consecutive empty months with a row each; a longer range is one row with both ends. */
const MOST_EMPTY = 12

/** @param counts by `YYYY-MM`; other keys (years beyond four digits) are kept unchanged, after the months */
export function monthsAxis(counts: ReadonlyMap<string, number>): readonly AxisRow[] {
  const months = [...counts.keys()].filter((key) => MONTH.test(key)).sort()
  const others = [...counts.keys()].filter((key) => !MONTH.test(key)).sort()
  const rows = months.flatMap((month, i) => [
    ...(i === 0 ? [] : emptyBetween(numberOf(months[i - 1]!) + 1, numberOf(month))),
    { label: month, count: counts.get(month)! },
  ])
  return [...rows, ...others.map((label) => ({ label, count: counts.get(label)! }))]
}

export function hoursAxis(counts: ReadonlyMap<string, number>): readonly AxisRow[] {
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
  const others = [...counts.keys()].filter((key) => !hours.includes(key)).sort()
  return [...hours, ...others].map((label) => ({ label, count: counts.get(label) ?? 0 }))
}

const MONTH = /^\d{4}-\d{2}$/

/** Months since the year 0. */
function numberOf(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1
}

function labelOf(number: number): string {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`
}

/** @param to excluded */
function emptyBetween(from: number, to: number): readonly AxisRow[] {
  if (to - from > MOST_EMPTY) return [{ label: `${labelOf(from)} – ${labelOf(to - 1)}`, count: 0 }]
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => ({ label: labelOf(from + i), count: 0 }))
}
