/** The queue of rescue of a served case with many leads: while the rule is asked, other persons are answered. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeReviewLedger } from '../../fixtures/ledgers/review.ts'
import { attribute } from '../../src/contracts/attribute.ts'
import type { Finding } from '../../src/contracts/finding.ts'
import { appendCustody } from '../../src/ledger/custody/custody.ts'
import { seized, temporaryFolder } from '../e2e/seized.ts'
import { stateIn } from './exhibits.ts'
import { Laboratory } from './persons.ts'
import { Person, serveCase } from './serving.ts'

const CONTENTS = 8000

const taken = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ':')

const MARKED: readonly Finding[] = [
  attribute('camera-make', { text: 'Example' }),
  attribute('camera-model', { text: 'Phone 9' }),
  attribute('camera-serial', { text: '4711' }),
  attribute('capture-time', { text: `${taken} 10:00:00` }),
  {
    kind: 'score',
    classifier: 'model',
    modelSha256: 'ab'.repeat(32),
    label: 'example',
    scorePer10k: 7200,
    thresholdPer10k: 5000,
  },
]

it('is made for one person while another person is answered', async () => {
  const folder = temporaryFolder()
  const ledger = join(folder, 'one.sqlite')
  makeReviewLedger({ path: ledger, contents: CONTENTS, stackOf: 1, seal: true, found: () => MARKED })
  const ledgerSha256 = createHash('sha256').update(readFileSync(ledger)).digest('hex')
  appendCustody(ledger, { event: 'sealed', operator: null, account: 'tester', detail: { ledgerSha256 } })
  const dir = join(folder, 'case')
  const env = stateIn(folder)
  const made = seized(['case', 'init', 'T-1', '--dir', dir, '--from', ledger, '--other-case'], env)
  expect([made.status, made.stderr]).toEqual([0, expect.any(String)])
  const laboratory = new Laboratory(join(folder, 'laboratory'))
  const keys = ['A. Example', 'B. Example'].map((name) => {
    expect(seized(['case', 'person', dir, name, '--role', 'grade'], env).status).toBe(0)
    return laboratory.issue(name)
  })
  const server = await serveCase(dir, laboratory, ['--lease', '500'], env)
  const [a, b] = [new Person(server, laboratory, keys[0]!), new Person(server, laboratory, keys[1]!)]
  for (const one of [a, b]) expect((await one.hello()).status).toBe(200)

  let answered = false
  const view = { order: 'place', queue: 'rescue', query: '', stacked: false, around: null }
  const waiting = a.post('view', view).then((answer) => {
    answered = true
    return answer
  })
  const shares: number[] = []
  while (!answered) {
    const { json } = await b.post('rescue-count')
    if (!answered) shares.push(json.share)
  }
  // B saw it grow, and had answers of other kinds.
  expect(shares.filter((share) => share > 0 && share < 1).length).toBeGreaterThan(2)
  expect(shares).toEqual([...shares].sort((x, y) => x - y))
  expect((await waiting).json.tiles).toBe((await a.digests()).length === 200 ? 500 : -1)
  // One work for all: B has it at once, of what B holds.
  expect((await b.post('rescue-count')).json).toEqual({ rescue: 500, share: 1 })
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
}, 180_000)
