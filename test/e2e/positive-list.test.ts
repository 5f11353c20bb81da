/** `model train --positive-list`: hits are rows only of the lists that the agency names, and a decision on the content counts before its hit. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { jpeg } from '../../fixtures/pictures.ts'
import { type NewDecision, recordDecisions } from '../../src/ledger/custody/decisions.ts'
import { scanArgs, seized, temporaryFolder } from './seized.ts'

it('takes the hits of a named list as positives, of no other list, and refuses a name that no ledger knows', async () => {
  const folder = temporaryFolder()
  const at = (name: string) => join(folder, name)
  mkdirSync(at('exhibit'))
  writeFileSync(at('secret'), 'a passphrase of a test\n')
  const digests: string[] = []
  const md5s: string[] = []
  for (const seed of [1, 2, 3, 4, 5]) {
    const bytes = await jpeg({ seed, width: 320, height: 240 })
    writeFileSync(at(`exhibit/${seed}.jpg`), bytes)
    digests.push(createHash('sha256').update(bytes).digest('hex'))
    md5s.push(createHash('md5').update(bytes).digest('hex'))
  }
  writeFileSync(at('mayTrain.txt'), `${md5s[0]}\n${md5s[1]}\n${md5s[2]}\n`)
  writeFileSync(at('mayNot.txt'), `${md5s[3]}\n`)
  const ledger = at('case.sqlite')
  const lists = [`illegal:${at('mayTrain.txt')}`, `illegal:${at('mayNot.txt')}`]
  expect(seized(scanArgs(at('exhibit'), ledger, lists, '--phases', 'inventory,known')).status).toBe(10)
  // Two persons saw the third content of the list and say that it is not illegal: the list is wrong about it.
  for (const operator of ['A. Example', 'B. Example']) {
    const decision: NewDecision = {
      kind: 'decision',
      sha256: digests[2]!,
      scale: 'vics-us',
      act: 'decided',
      category: '0',
      note: '',
      pass: null,
      session: null,
      seen: 'grey',
      seenMs: 900,
    }
    recordDecisions(ledger, [decision], { operator, account: 'tester' })
  }
  const trainFrom = (graded: string, ...more: string[]) =>
    seized([
      ...['model', 'train', '--from-decisions', graded, '--positive', 'vics-us:1,2'],
      ...['--exhibit', at('exhibit'), '--out', at('own-x'), '--agency', 'Agency of a Test'],
      ...['--examiner', 'A. Example', '--basis', 'order 5/2026', ...more],
    ])
  const train = (...more: string[]) => trainFrom(ledger, '--passphrase-file', at('secret'), ...more)
  const counted = (positives: number, negatives: number) =>
    `there are ${positives} positive and ${negatives} negative contents that a model judges`
  expect(train().stderr).toContain(counted(0, 1))
  expect(train('--positive-list', 'mayTrain.txt').stderr).toContain(counted(2, 1))
  const both = train('--positive-list', 'mayTrain.txt', '--positive-list', 'mayNot.txt')
  expect([both.status, both.stderr]).toEqual([2, expect.stringContaining(counted(3, 1))])
  const unknown = train('--positive-list', 'mayTrian.txt')
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringContaining(
      '--positive-list names “mayTrian.txt”, and no ledger was compared with a list of this name. There are: mayNot.txt, mayTrain.txt.',
    ),
  ])
  const untyped = trainFrom(ledger)
  expect([untyped.status, untyped.stderr]).toEqual([
    2,
    expect.stringContaining('A passphrase is needed for what is sealed: give --passphrase-file FILE'),
  ])
  // The folder holds a ledger, and is no case until one is made of it.
  const plain = trainFrom(folder, '--passphrase-file', at('secret'))
  expect([plain.status, plain.stderr]).toEqual([
    2,
    expect.stringMatching(/is a folder and no case: name the ledgers in it, or make a case of them/),
  ])
  const asCase = ['case', 'init', 'T-1', '--dir', at('T-1'), '--from', ledger, '--operator', 'A. Example']
  expect(seized(asCase)).toMatchObject({ status: 0 })
  expect(trainFrom(at('T-1'), '--passphrase-file', at('secret')).stderr).toContain(counted(0, 1))
}, 180_000)
