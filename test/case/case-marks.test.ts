/** Second looks, tags, notes and moves of the rescue queue that were made on one ledger: taken into the case, once. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { openReview } from '../e2e/running-review.ts'
import { caseOf, copiesOf, picture, remove, type Scanned, scanAll, stateIn } from './exhibits.ts'

let scanned: Scanned
const digests: string[] = []
beforeAll(async () => {
  scanned = await scanAll()
  for (const seed of [0, 1, 2, 3, 4])
    digests.push(
      createHash('sha256')
        .update(await picture(seed))
        .digest('hex'),
    )
}, 120_000)
afterAll(() => remove(scanned))

const of = (seed: number) => ({ contents: [digests[seed]!], count: 1 })

async function reviewed(path: string, folder: string, operator: string, ...args: string[]) {
  const review = await openReview(
    [path, '--scale', 'vics-us', '--operator', operator, ...args],
    stateIn(folder),
  )
  const ok = async (what: string, body: object) => expect((await review.post(what, body)).status).toBe(200)
  const json = async (what: string, body: object) => (await review.post(what, body)).json()
  const end = async () => {
    await review.post('end')
    expect(await review.ended).toBe(0)
  }
  return { ...review, ok, json, end }
}

it('takes marks of single ledgers into the case with person and time, before and after joining', async () => {
  const { folder, ledger, seized, dir } = copiesOf(scanned)
  const alone = await reviewed(ledger('LTU-03'), folder, 'A. Example')
  await alone.ok('eyes', { of: of(1) })
  await alone.ok('tag', { of: of(2), tag: 'lake' })
  await alone.ok('note', { of: of(2), text: 'the same boat' })
  await alone.ok('rescue', { of: of(3), isIn: true, why: 'named in a letter' })
  // Asked for, and then decided by the same person: nothing is asked any longer.
  await alone.ok('eyes', { of: of(2) })
  await alone.ok('decide', { act: 'decided', category: '0', note: '', of: of(2) })
  await alone.end()
  const made = readCustody(ledger('LTU-03'))
  const init = seized(
    ...['case', 'init', 'T-1', '--dir', dir],
    ...['LTU-03', 'LTU-07', 'LTU-09'].flatMap((one) => ['--from', ledger(one as 'LTU-03')]),
  )
  expect([init.status, init.stdout]).toEqual([0, expect.stringContaining('5 marks of single ledgers taken')])
  const taken = readCustody(join(dir, 'case')).filter(({ detail }) => detail.marked !== undefined)
  expect(
    taken.map(({ event, operator, detail }) => [event, operator, detail.exhibit, detail.markedUtc]),
  ).toEqual(
    made
      .filter(({ event }) => ['needs-eyes', 'tagged', 'noted', 'rescue-put'].includes(event))
      .map(({ event, operator, utc }) => [event, operator, 'LTU-03', utc]),
  )
  expect(made.filter(({ head }) => taken.some(({ detail }) => detail.marked === head))).toHaveLength(5)

  // Meanwhile the ledger is reviewed by itself again: the case says what it lacks, and takes it in.
  const again = await reviewed(ledger('LTU-07'), folder, 'B. Example')
  await again.ok('tag', { of: of(4), tag: 'garden' })
  await again.end()
  const lacks = seized('case', 'verify', dir)
  expect([lacks.status, lacks.stdout]).toEqual([
    75,
    expect.stringContaining(
      'the case lacks 1 mark (second look, tag, note or rescue) of the custody log of LTU-07',
    ),
  ])

  const second = await reviewed(dir, folder, 'C. Example', '--pass', 'second')
  const view = { order: 'place', queue: 'needs-eyes', query: '', stacked: false, around: null }
  expect(second.said()).toContain('1 content in this pass')
  expect(await second.json('view', view)).toMatchObject({ tiles: 1 })
  await second.end()
  const review = await reviewed(dir, folder, 'C. Example')
  expect(await review.json('details', { sha256: digests[2] })).toMatchObject({
    tags: ['lake'],
    notes: [{ operator: 'A. Example', text: 'the same boat', utc: taken[2]!.detail.markedUtc }],
  })
  expect(await review.json('details', { sha256: digests[4] })).toMatchObject({ tags: ['garden'] })
  expect(await review.json('view', { ...view, queue: 'rescue' })).toMatchObject({ tiles: 1 })
  // Taken away in the case, later than it was put on: it stays away, whatever is taken in afterwards.
  await review.ok('tag', { of: of(2), tag: 'lake' })
  await review.end()
  const last = await reviewed(dir, folder, 'C. Example')
  expect(await last.json('details', { sha256: digests[2] })).toMatchObject({ tags: [] })
  await last.end()
  expect(readCustody(join(dir, 'case')).filter(({ detail }) => detail.marked !== undefined)).toHaveLength(6)
  const { status, stdout } = seized('case', 'verify', dir)
  expect([status, stdout]).toEqual([0, expect.stringContaining('VERIFIED')])
}, 180_000)

it('tells a blind pass nothing of the marks of others', async () => {
  const { dir, folder, ledger } = caseOf(scanned)
  const alone = await reviewed(ledger('LTU-03'), folder, 'A. Example')
  await alone.ok('decide', { act: 'decided', category: '1', note: '', of: of(1) })
  await alone.ok('tag', { of: of(1), tag: 'telling' })
  await alone.ok('note', { of: of(1), text: 'telling too' })
  await alone.end()
  const blind = await reviewed(dir, folder, 'B. Example', '--pass', 'peer')
  expect(blind.said()).toContain('1 content in this pass')
  const said = JSON.stringify(await blind.json('details', { sha256: digests[1] }))
  expect(said).not.toContain('telling')
  await blind.end()
}, 120_000)
