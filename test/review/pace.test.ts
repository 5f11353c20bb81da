/** The clock of breaks on the page of a review: when a pause is suggested, and what counts as one. */
import { describe, expect, it } from 'vitest'
import { BREAK_MS, Pace } from '../../src/review/page/pace.ts'

const MINUTE = 60_000

/** Minute by minute: those at which a pause was suggested. @param isAway minutes without any act */
function remindedAt(minutes: number, isAway: (minute: number) => boolean): readonly number[] {
  const pace = new Pace(45 * MINUTE, 0)
  const reminded: number[] = []
  for (let minute = 1; minute <= minutes; minute++) {
    if (!isAway(minute)) pace.active(minute * MINUTE)
    if (pace.isDue(minute * MINUTE)) reminded.push(minute)
  }
  return reminded
}

describe('breaks', () => {
  it('are suggested every 45 minutes of work, once each', () => {
    expect(remindedAt(140, () => false)).toEqual([45, 90, 135])
  })

  it('begin the time anew when they take five minutes, and not when they are shorter', () => {
    expect(BREAK_MS).toBe(5 * MINUTE)
    expect(remindedAt(120, (minute) => minute > 30 && minute < 38)).toEqual([83])
    expect(remindedAt(120, (minute) => minute > 30 && minute < 34)).toEqual([45, 90])
  })

  it('are told in minutes, and while one is taken there is nothing to tell', () => {
    const pace = new Pace(45 * MINUTE, 0)
    for (const minute of [4, 8, 10]) pace.active(minute * MINUTE)
    expect([pace.minutes(10 * MINUTE), pace.minutes(15 * MINUTE)]).toEqual([10, null])
    pace.active(16 * MINUTE)
    expect(pace.minutes(17.5 * MINUTE)).toBe(1)
    expect(pace.isDue(60 * MINUTE)).toBe(false)
  })
})
