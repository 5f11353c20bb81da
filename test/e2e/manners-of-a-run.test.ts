/** What a run says at its start and while it goes on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { reduce, START } from '../../src/tui/state.ts'
import { scanArgs, seized, summaryOf, temporaryFolder } from './seized.ts'

it('12 B11: a run without any list is complete in what it was asked, and says at its start what that means', () => {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  writeFileSync(join(exhibit, 'a.txt'), 'plain words')
  const ledger = join(temporaryFolder(), 'ledger')
  const run = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory,known', '--no-open'))
  const events = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const warning = events.findIndex(({ message }) => message?.startsWith('No hash list was given: nothing is'))
  expect(warning).toBeGreaterThan(0)
  expect(warning).toBeLessThan(events.findIndex(({ event }) => event === 'phase'))
  expect(summaryOf(run)).toMatchObject({
    complete: true,
    exitCode: 0,
    stages: { matched: { 'not-done': 1 } },
  })
  expect(run.status).toBe(0)
})

it('12 D17: a run that goes on shows the hits and leads it has from the start', () => {
  const event = { event: 'phase', phase: 'unknown', entriesTotal: 9, bytesTotal: 9n } as const
  expect(reduce(START, { ...event, hits: 3, leads: 2, notDone: 1 })).toMatchObject({
    hits: 3,
    leads: 2,
    notDone: 1,
  })
})

it('12 D17: sealing says how far it is, before the summary', () => {
  const exhibit = join(temporaryFolder(), 'exhibit')
  mkdirSync(exhibit)
  // More than one word of it: 4,096 entries apart.
  for (let i = 0; i < 4_200; i++) writeFileSync(join(exhibit, `${i}`), '')
  const ledger = join(temporaryFolder(), 'ledger')
  const events = seized(scanArgs(exhibit, ledger, [], '--phases', 'inventory'))
    .stdout.trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const begun = events.findIndex(({ event, phase }) => event === 'phase' && phase === 'seal')
  const sealing = events.slice(begun + 1, -1)
  expect(sealing).toMatchObject([
    { event: 'progress', phase: 'seal', entriesDone: 4_096, entriesTotal: 4_201 },
  ])
})
