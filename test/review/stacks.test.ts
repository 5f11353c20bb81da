/** Stacks of near copies: gathered for many contents at once they are those that are found for one after the other. */
import { expect, it } from 'vitest'
import { openForReading } from '../../src/ledger/format/open-readonly.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { Catalogue } from '../../src/review/catalogue.ts'
import { Stacks } from '../../src/review/stacks.ts'
import { reviewLedger } from './review-server.ts'

it.each([
  { contents: 300, step: 1 },
  { contents: 5200, step: 1 },
  { contents: 300, step: 3 },
])('have the same first content each, of $contents contents in steps of $step', ({ contents, step }) => {
  const path = reviewLedger(contents, 4)
  const ledger = openLedger(path)
  const file = openForReading(path)
  const catalogue = Catalogue.of(ledger)
  const stacks = new Stacks(catalogue, file.db)
  const ordered = Int32Array.from({ length: catalogue.size }, (_, i) => catalogue.size - 1 - i).filter(
    (_, i) => i % step === 0,
  )
  const expected = Int32Array.from({ length: catalogue.size }, (_, i) => i)
  const left = new Set(ordered)
  for (const number of ordered)
    if (left.has(number))
      for (const member of stacks.around(number)) if (left.delete(member)) expected[member] = number
  const found = stacks.leaders(ordered, catalogue.size)
  expect(found).toEqual(expected)
  expect(new Set(ordered.map((number) => found[number]!)).size).toBeLessThan(ordered.length)
  file.close()
  ledger.close()
})
