/** What counts against the limits of a day: every log that is named, as it is now, in the day of the case's zone. */
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { SeizedError } from '../../src/base/errors.ts'
import type { RevealFact } from '../../src/contracts/custody.ts'
import { appendCustody, custodyPath } from '../../src/ledger/custody/custody.ts'
import { SeenToday } from '../../src/review/seen-today.ts'
import { reviewLedger } from './review-server.ts'

const fact: RevealFact = {
  ...{ kind: 'reveal', act: 'asked', sha256: 'ab'.repeat(32), reason: 'unclear', treatment: 'grey' },
  ...{ part: null, asked: null, shownMs: null, session: 's' },
}

function asked(path: string, operator = 'A. Example'): number {
  const detail = { mostMs: '6000', pictures: '9' }
  return appendCustody(path, { operator, account: 'tester', event: 'reveal-asked', detail, fact }).number
}

function shown(path: string, number: number, shownMs: number): void {
  const [who, detail] = [
    { operator: 'A. Example', account: 'tester' },
    { by: 'key', pictures: '1' },
  ]
  const after = { ...fact, act: 'shown', asked: number, shownMs } as const
  appendCustody(path, { ...who, event: 'reveal-shown', detail, fact: after })
}

it('is heard of other ledgers while a review goes on, in full until its end is logged, and not of other persons', () => {
  const [one, two] = [reviewLedger(1), reviewLedger(1)]
  shown(one, asked(one), 1000)
  const seen = new SeenToday([one, two], 'A. Example', 'Europe/Vilnius')
  expect(seen.soFar()).toEqual({ pictures: 1, shownMs: 1000 })
  const number = asked(two)
  asked(two, 'B. Example')
  expect(seen.soFar()).toEqual({ pictures: 1, shownMs: 1000 })
  seen.refresh()
  expect(seen.soFar()).toEqual({ pictures: 10, shownMs: 7000 })
  shown(two, number, 500)
  seen.refresh()
  expect(seen.soFar()).toEqual({ pictures: 2, shownMs: 1500 })
  // Sessions do not end at midnight; days do. The day on which summer time ends has 25 hours.
  expect(seen.soFar(new Date(Date.now() + 25 * 3_600_000).toISOString())).toEqual({ pictures: 0, shownMs: 0 })
})

it('cannot be counted when a log was taken away, or is another', () => {
  const [one, two] = [reviewLedger(1), reviewLedger(1)]
  asked(two)
  const seen = new SeenToday([one, two], 'A. Example', 'UTC')
  rmSync(custodyPath(two))
  expect(() => seen.refresh()).toThrow(SeizedError)
})
