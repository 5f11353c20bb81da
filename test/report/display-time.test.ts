import { describe, expect, it } from 'vitest'
import { displayFileTime, displayUtc } from '../../src/report/model/display-time.ts'
import { utc } from './synthetic-ledger.ts'

describe('times as the report shows them', () => {
  it('stand in the chosen zone with their offset', () => {
    expect(displayUtc('2026-11-24T10:21:07.412Z', 'Europe/Vilnius')).toBe('2026-11-24 12:21:07 +02:00')
    expect(displayUtc('2026-07-01T00:00:00Z', 'Europe/Vilnius')).toBe('2026-07-01 03:00:00 +03:00')
    expect(displayUtc('2026-11-24T00:00:00Z', 'UTC')).toBe('2026-11-24 00:00:00 UTC')
  })

  it('fall back to UTC in a zone that this machine does not know', () => {
    expect(displayUtc('2026-11-24T00:00:00Z', 'Mars/Olympus')).toBe('2026-11-24 00:00:00 UTC')
  })

  it('are left as they are when they are no time', () => {
    expect(displayUtc('yesterday', 'UTC')).toBe('yesterday')
  })

  it('without a zone are never converted', () => {
    const fat = {
      ns: 315_532_800_000_000_000n,
      source: 'stat',
      resolution: '2s',
      zone: 'local-unknown',
    } as const
    expect(displayFileTime(fat, 'Europe/Vilnius')).toBe('1980-01-01 00:00:00 (zone not recorded)')
  })

  it('outside the years that Date knows are still shown', () => {
    expect(displayFileTime(utc(9_223_372_036_854_775_807n * 1_000n), 'Europe/Vilnius')).toMatch(
      /^\+\d{6}-.* UTC$/,
    )
  })
})
