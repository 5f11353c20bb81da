import { describe, expect, it } from 'vitest'
import type { CustodyEvent, RevealFact } from '../../src/contracts/custody.ts'
import { exposureOf, exposureTotals } from '../../src/review/exposure.ts'
import { stateOf } from '../../src/review/limits.ts'

const A = 'aa'.repeat(32)
const B = 'bb'.repeat(32)

function event(
  number: number,
  utc: string,
  fact: CustodyEvent['fact'],
  detail: Record<string, string> = {},
): CustodyEvent {
  return {
    number,
    utc,
    account: 'tester',
    operator: 'A. Example',
    event: 'reveal',
    detail,
    fact,
    head: `head ${number}`,
  }
}

const reveal = (
  act: RevealFact['act'],
  sha256: string,
  asked: number | null,
  shownMs: number | null,
): RevealFact => ({
  kind: 'reveal',
  sha256,
  act,
  reason: 'unclear',
  treatment: 'grey',
  part: null,
  asked,
  shownMs,
  session: 's',
})

const EVENTS: readonly CustodyEvent[] = [
  event(1, '2026-11-26T10:00:00.000Z', reveal('asked', A, null, null), { mostMs: '6000', pictures: '1' }),
  event(2, '2026-11-26T10:00:03.000Z', reveal('shown', A, 1, 2345), { by: 'key', pictures: '1' }),
  event(3, '2026-11-26T10:01:00.000Z', reveal('asked', A, null, null), { mostMs: '6000', pictures: '1' }),
  event(4, '2026-11-26T10:01:01.000Z', reveal('refused', A, 3, null), { why: 'decode-failed' }),
  event(5, '2026-11-26T22:30:00.000Z', reveal('asked', B, null, null), { mostMs: '6000', pictures: '9' }),
  event(6, '2026-11-26T22:31:00.000Z', reveal('refused', B, null, null), { why: 'limit' }),
  event(7, '2026-11-26T22:32:00.000Z', {
    kind: 'decision',
    sha256: A,
    scale: 'vics-us',
    act: 'decided',
    category: '2',
    note: '',
    pass: 'second',
    session: 's',
  }),
]

describe('exposure', () => {
  it('counts by person and day what was shown, in full where nobody said when it was hidden, and nothing that was refused', () => {
    expect(exposureOf([{ ledger: 'one', events: EVENTS }], 'UTC')).toEqual([
      {
        operator: 'A. Example',
        day: '2026-11-26',
        reveals: 2,
        pictures: 10,
        contents: 2,
        shownMs: 8345,
        atMost: 1,
        refused: 2,
        byTreatment: { grey: 2 },
        byCategory: { 'vics-us 2': 1, undecided: 1 },
        screens: {},
      },
    ])
  })

  const OTHER = EVENTS.slice(0, 2).map((one) => ({ ...one, head: `other ${one.head}` }))

  it('has days as the zone has them, and the same content in two ledgers once', () => {
    const days = exposureOf(
      [
        { ledger: 'one', events: EVENTS },
        { ledger: 'two', events: OTHER },
      ],
      'Europe/Vilnius',
    )
    expect(days.map(({ day, reveals, contents, shownMs }) => [day, reveals, contents, shownMs])).toEqual([
      ['2026-11-26', 2, 1, 4690],
      ['2026-11-27', 1, 1, 6000],
    ])
  })

  it('counts an event once, however many copies of its ledger there are, and with the end that one of them has', () => {
    const copies = [
      { ledger: 'before the end', events: EVENTS.slice(0, 1) },
      { ledger: 'one', events: EVENTS },
      { ledger: 'copy', events: EVENTS.slice(0, 4) },
    ]
    expect(exposureOf(copies, 'UTC')).toEqual(exposureOf([{ ledger: 'one', events: EVENTS }], 'UTC'))
    expect(exposureTotals(copies.map(({ events }) => events))).toEqual({ persons: 1, reveals: 2, seconds: 9 })
  })

  it('has sums without a name for a court, rounded up, and none where nothing was shown', () => {
    expect(exposureTotals([EVENTS, OTHER])).toEqual({ persons: 1, reveals: 3, seconds: 11 })
    expect(exposureTotals([EVENTS.slice(5)])).toBe(null)
    expect(JSON.stringify(exposureTotals([EVENTS]))).not.toContain('Example')
  })

  it('warns at 80 % of a limit and ends at 100 %', () => {
    const limits = { pictures: 10, shownMs: 60_000 }
    expect([7, 8, 9, 10, 11].map((pictures) => stateOf({ pictures, shownMs: 0 }, limits))).toEqual([
      'free',
      'warned',
      'warned',
      'reached',
      'reached',
    ])
    expect([47_999, 48_000, 60_000].map((shownMs) => stateOf({ pictures: 0, shownMs }, limits))).toEqual([
      'free',
      'warned',
      'reached',
    ])
    expect(stateOf({ pictures: 1e6, shownMs: 1e9 }, { pictures: null, shownMs: null })).toBe('free')
  })
})
