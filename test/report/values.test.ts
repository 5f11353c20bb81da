import { describe, expect, it } from 'vitest'
import type { FileTime } from '../../src/contracts/entry.ts'
import { isoTime, safeNumber, wellFormed } from '../../src/report/model/values.ts'
import { utc } from './synthetic-ledger.ts'

describe('times', () => {
  it('keep every nanosecond', () => {
    expect(isoTime(utc(1_700_000_000_123_456_789n))).toBe('2023-11-14T22:13:20.123456789Z')
    expect(isoTime(utc(-1n))).toBe('1969-12-31T23:59:59.999999999Z')
  })

  it('agree with Date wherever Date can count', () => {
    let x = 12345
    for (let i = 0; i < 2_000; i++) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0
      const ms = (x - 2 ** 31) * 2_000_000 + (x % 997)
      const expected = new Date(ms).toISOString().replace(/Z$/, '000000Z')
      expect(isoTime(utc(BigInt(ms) * 1_000_000n))).toBe(expected)
    }
  })

  it('go on where Date ends', () => {
    expect(isoTime(utc(9_223_372_036_854_775_807n * 1_000_000n))).toMatch(/^\+29227\d{4}-/)
  })

  it('of a clock without a zone carry no Z: they are not converted', () => {
    const fat: FileTime = { ns: 0n, source: 'stat', resolution: '2s', zone: 'local-unknown' }
    expect(isoTime(fat)).toBe('1970-01-01T00:00:00.000000000')
  })
})

describe('numbers and text', () => {
  it('are numbers only where JavaScript holds them exactly', () => {
    expect(safeNumber(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991)
    expect(safeNumber(9_007_199_254_740_992n)).toBe('9007199254740992')
  })

  it('hold no lone surrogate', () => {
    expect(wellFormed('a\ud800b👩')).toBe('a\ufffdb👩')
  })
})
