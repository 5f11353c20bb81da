/** Scan → review → export-decisions → next scan → report: a hit on the laboratory's own decision is shown as that. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ownDecisions } from '../../src/case/own-decisions.ts'
import type { CustodyEvent, DecisionFact } from '../../src/contracts/custody.ts'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { openReview } from '../e2e/running-review.ts'
import { screenOf, tilesIn } from '../e2e/screens.ts'
import { scanArgs } from '../e2e/seized.ts'
import { sealedWithLog } from '../ledger/temporary.ts'
import { caseOf, picture, remove, type Scanned, scanAll, stateIn } from './exhibits.ts'

let scanned: Scanned
beforeAll(async () => {
  scanned = await scanAll()
}, 120_000)
afterAll(() => remove(scanned))

const sha256Of = async (seed: number) =>
  createHash('sha256')
    .update(await picture(seed))
    .digest('hex')

it('carries what persons decided on sight into the next case, by name, and nothing that they did not agree on', async () => {
  const { folder, dir, seized, ledger } = caseOf(scanned)
  const digests = await Promise.all([1, 2, 3, 4].map(sha256Of))
  const review = async (operator: string, pass: string, decisions: readonly [number, string][]) => {
    const args = [ledger('LTU-03'), '--scale', 'vics-us', '--operator', operator, '--pass', pass]
    args.push('--exhibit', scanned.root('LTU-03'), '--allow-writable-mount')
    const { post, ended } = await openReview(args, stateIn(folder))
    expect(await tilesIn(await screenOf({ post }, { count: pass === 'first' ? 3 : 2 }))).not.toEqual([])
    for (const [i, category] of decisions) {
      const of = { contents: [digests[i]!], count: 1 }
      expect((await post('decide', { act: 'decided', category, note: '', of })).status).toBe(200)
    }
    await post('end')
    expect(await ended).toBe(0)
  }
  await review('A. Example', 'first', [
    [0, '1'],
    [1, '2'],
    [2, '1'],
  ])
  await review('B. Example', 'peer', [
    [0, '1'],
    [1, '3'],
  ])
  // Decided on one ledger alone, without sight.
  const blind = ['--sha256', digests[3]!, '--scale', 'vics-us', '--category', '1', '--operator', 'C. Example']
  expect(seized('decide', ledger('LTU-07'), ...blind).status).toBe(0)

  const list = join(folder, 'own.csv')
  const made = seized(
    'case',
    'export-decisions',
    dir,
    '--scale',
    'vics-us',
    '--out',
    list,
    '--lab',
    'Example laboratory',
  )
  expect([made.status, made.stderr.includes('taken into the case')]).toEqual([0, true])
  expect(made.stdout).toContain('2 own decisions on vics-us')
  expect(made.stdout).toContain('Left out: 1 content on which persons differ.')
  expect(made.stdout).toContain('Left out: 1 content that no person saw')
  const [, ...rows] = readFileSync(list, 'utf8').trim().split('\r\n')
  const both = rows.find((row) => row.includes(digests[0]!))
  expect(both).toContain('"1","vics-us","agreed","A. Example; B. Example"')
  expect(both).toContain('"LTU-03; LTU-07; LTU-09","Example laboratory"')
  expect(rows.find((row) => row.includes(digests[2]!))).toContain('"1","vics-us","single","A. Example"')
  const { event, detail } = readCustody(join(dir, 'case')).at(-1)!
  const sha256 = createHash('sha256').update(readFileSync(list)).digest('hex')
  expect([event, detail.sha256, detail.contents]).toEqual(['decisions-exported', sha256, '2'])
  expect(seized('case', 'export-decisions', dir, '--scale', 'vics-us', '--out', list).status).toBe(2)
  const all = join(folder, 'all.csv')
  expect(
    seized('case', 'export-decisions', dir, '--scale', 'vics-us', '--out', all, '--without-sight').stdout,
  ).toContain('3 own decisions')

  const root = join(folder, 'next')
  mkdirSync(root)
  for (const seed of [1, 2, 9]) writeFileSync(join(root, `${seed}.jpg`), await picture(seed))
  const next = join(folder, 'next.sqlite')
  const scan = seized(...scanArgs(root, next, [`vics-us:${list}`]))
  expect([10, 13]).toContain(scan.status)
  const name = 'Own decisions of the laboratory, case T-1'
  const [line] = seized('report', next, '--format', 'jsonl')
    .stdout.trim()
    .split('\n')
    .map((one) => JSON.parse(one))
    .filter(({ path }) => path === '1.jpg')
  expect(line.hits).toMatchObject([{ hashSet: name, category: '1', scale: 'vics-us', meaning: 'illegal' }])
  for (const [edition, words] of [
    ['court', '1 of these contents is on a list of this laboratory’s own decisions in earlier cases'],
    ['working', 'no list of an authority'],
  ] as const) {
    const out = join(folder, `${edition}.html`)
    expect(seized('report', next, '--format', 'html', '--edition', edition, '--out', out).status).toBe(0)
    const page = readFileSync(out, 'utf8')
    expect(page).toContain(name)
    expect(page).toContain(words)
  }
})

it('names for an adjudicated category those who gave it: a person who was overruled is no witness for it', () => {
  const sha256 = createHash('sha256').update('copied').digest('hex')
  const made = (number: number, operator: string, act: DecisionFact['act'], category: string, seen: string) =>
    ({
      ...{ number, operator, event: act, account: 'examiner', head: String(number).padStart(64, '0') },
      utc: `2026-11-24T12:00:0${number}.000Z`,
      detail: { seen, seenMs: '4000', ...(act === 'adjudicated' && { of: '1 2' }) },
      fact: {
        kind: 'decision',
        sha256,
        scale: 'vics-us',
        act,
        category,
        note: '',
        pass: null,
        session: null,
      },
    }) satisfies CustodyEvent
  const events = [
    made(1, 'A. Example', 'decided', '2', 'colour'),
    made(2, 'B. Example', 'decided', '1', 'none'),
    made(3, 'C. Example', 'adjudicated', '1', 'none'),
  ]
  const asked = { caseNumber: 'T-1', scale: 'vics-us', laboratory: 'Example laboratory' }
  const exhibits = [{ exhibit: 'LTU-03', path: sealedWithLog() }]
  expect(ownDecisions(events, { ...asked, exhibits, withoutSight: false })).toMatchObject({
    ...{ rows: [], withoutSight: 1 },
  })
  const { rows } = ownDecisions(events, { ...asked, exhibits, withoutSight: true })
  expect(rows).toHaveLength(1)
  expect(rows[0]!.slice(5, 10)).toEqual(['1', 'vics-us', 'adjudicated', 'B. Example; C. Example', 'nothing'])
})

it('lists each content of the case once, with its places by exhibit', () => {
  const { dir, seized, ledger } = caseOf(scanned)
  const decide = (one: 'LTU-03' | 'LTU-07', ...args: string[]) =>
    expect(
      seized('decide', ledger(one), ...args, '--scale', 'vics-us', '--operator', 'A. Example').status,
    ).toBe(0)
  decide('LTU-03', '--entry', 'DCIM/a.jpg', '--category', '2')
  decide('LTU-07', '--entry', 'only-07.jpg', '--category', '0')
  expect(seized('case', 'add', dir, ledger('LTU-03')).status).toBe(2)
  const out = join(dir, '..', 'all.csv')
  expect(
    seized('case', 'export-decisions', dir, '--scale', 'vics-us', '--out', out, '--without-sight').status,
  ).toBe(0)
  const { status, stdout } = seized('case', 'list', dir, '--json')
  expect(status).toBe(0)
  const rows = stdout
    .trim()
    .split('\n')
    .map((one) => JSON.parse(one))
  expect(
    rows.map(({ on, decisions }) => [
      on.map(({ exhibit, paths }: { exhibit: string; paths: string[] }) => [exhibit, paths.toSorted()]),
      decisions.map(({ category }: { category: string }) => category),
    ]),
  ).toEqual([
    [
      [
        ['LTU-03', ['DCIM/a.jpg']],
        ['LTU-07', ['backup/again.jpg', 'backup/one.jpg']],
        ['LTU-09', ['x/a-renamed.jpg']],
      ],
      ['2'],
    ],
    [[['LTU-07', ['only-07.jpg']]], ['0']],
  ])
  const text = seized('case', 'list', dir, '--shared').stdout
  expect(text).toContain('2 contents with a finding or a decision, 1 of them on several exhibits')
  expect(text).toContain('  on LTU-03, LTU-07 and LTU-09; earliest file time ')
  expect(text).not.toContain('only-07.jpg')
})

it('is summed up, searched and reported as a whole by the commands of a ledger', () => {
  const { folder, dir, seized, ledger } = caseOf(scanned)
  const summed = seized('summary', dir, '--json')
    .stdout.trim()
    .split('\n')
    .map((one) => JSON.parse(one))
  expect(summed.at(-1)).toMatchObject({ event: 'case', case: 'T-1', shared: 2 })
  const found = seized('search', dir, 'name:a.jpg', '--format', 'jsonl').stdout
  expect(found).toContain('"exhibit":"LTU-03"')
  const out = join(folder, 'case.html')
  expect(seized('report', dir, '--format', 'html', '--out', out).status).toBe(0)
  const page = readFileSync(out, 'utf8')
  for (const exhibit of ['LTU-03', 'LTU-07', 'LTU-09']) expect(page).toContain(exhibit)
  const { event, detail } = readCustody(join(dir, 'case')).at(-1)!
  expect([event, detail.exhibits]).toEqual(['reported', 'LTU-03, LTU-07, LTU-09'])
  expect(readCustody(ledger('LTU-09')).at(-1)!.event).toBe('reported')
  expect(seized('case', 'verify', dir).status).toBe(0)
})
