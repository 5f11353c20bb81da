import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  plural,
} from '../../src/report/texts/format.ts'

describe('counts', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [1_234_567n, '1,234,567'],
  ])('%s reads %s', (count, text) => expect(formatCount(count)).toBe(text))

  it('agree with their noun', () => {
    expect([plural(1, 'entry', 'entries'), plural(2_000, 'entry', 'entries')]).toEqual([
      '1 entry',
      '2,000 entries',
    ])
  })
})

describe('sizes', () => {
  it.each([
    [0n, '0 B'],
    [999n, '999 B'],
    [1_000n, '1.0 kB'],
    [9_949n, '9.9 kB'],
    [9_960n, '10 kB'],
    [999_499n, '999 kB'],
    [999_500n, '1.0 MB'],
    [1_099_511_627_776n, '1.1 TB'],
    [2n ** 63n, '9 EB'],
  ])('%s bytes read %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it('a rate is never negative', () => expect(formatRate(-5)).toBe('0 B/s'))
})

describe('durations', () => {
  it.each([
    [0, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [200, '3 min 20 s'],
    [3_599.6, '1 h 00 min'],
    [7_500, '2 h 05 min'],
    [86_400, '1 d 00 h'],
    [273_600, '3 d 04 h'],
    [-3, '0 s'],
  ])('%s seconds read %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))
})
