import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { multipliesBytesExactly } from '../../src/classify/eight-bits.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('says in the plan whether screens stood before slow models: with --exact none does', () => {
  const out = temporaryFolder()
  const exhibit = join(out, 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'a')
  const planned = (name: string, ...more: string[]) => {
    const ledger = join(out, name)
    summaryOf(seized(scanArgs(exhibit, ledger, [], ...more)))
    const reader = openLedger(ledger)
    try {
      return reader.plan.models.map(({ id }) => id)
    } finally {
      reader.close()
    }
  }
  const usual = planned('usual.sqlite')
  const screens = ['nsfwjs-inception-v3-int8', 'face-api-ssd-int8']
  for (const id of screens) expect(usual.includes(id)).toBe(multipliesBytesExactly())
  expect(planned('exact.sqlite', '--exact')).toEqual(usual.filter((id) => !screens.includes(id)))
})
