/** Orders of contents: the quick way gives what comparing gives, whatever the keys are. */
import { describe, expect, it } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { sortedBy, sortedByComparing } from '../../src/review/order.ts'

const NUMBERS = 3000

describe('the order of contents', () => {
  it.each([
    { what: 'priorities', keyOf: (random: number) => Math.floor(random * 6) * 256 + 3 },
    {
      what: 'times, some unknown',
      keyOf: (random: number) =>
        random < 0.1 ? Number.MAX_VALUE : Math.floor(random * 2 ** 31) * 2 - (random < 0.2 ? 1 : 0),
    },
    { what: 'one key', keyOf: () => 70_000 },
    { what: 'times before 1901', keyOf: (random: number) => Math.floor((random - 0.5) * 2 ** 33) },
    {
      what: 'the last word itself',
      keyOf: (random: number) => (random < 0.5 ? 2 ** 32 - 1 : Number.MAX_VALUE),
    },
    { what: 'stacks', keyOf: (random: number) => Math.floor(random * 9) * 2 ** 32 + 5 },
    { what: 'fractions', keyOf: (random: number) => random },
  ])('is the same by words as by comparing: $what', ({ keyOf }) => {
    const random = seeded(7)
    const keys = Float64Array.from({ length: NUMBERS }, () => keyOf(random()))
    const key = (number: number) => keys[number]!
    for (const ascending of [true, false]) {
      const entries = Int32Array.from({ length: NUMBERS }, (_, i) =>
        ascending ? i * 90_000 : ((i * 7919) % NUMBERS) * 90_000,
      )
      const chosen = Int32Array.from({ length: NUMBERS }, (_, i) => i).filter(() => random() < 0.7)
      const expected = [...sortedByComparing(chosen.slice(), key, entries)]
      expect([...sortedBy(chosen.slice(), key, entries)]).toEqual(expected)
    }
  })

  it('of nothing is nothing', () => {
    expect([...sortedBy(new Int32Array(), () => 1, new Int32Array())]).toEqual([])
  })
})
