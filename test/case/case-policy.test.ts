/** The policy of a case and what is assigned to persons: one machine and served, from the command to the log. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openReview } from '../e2e/running-review.ts'
import { type Copies, type ExhibitId, stateIn } from './exhibits.ts'
import { ALL, eventsOf, servedCase, verified } from './served-case.ts'

const { caseWith, serving, person, digests, rootOf } = servedCase()
const PERSONS = { 'A. Example': 'grade', 'B. Example': 'grade', 'L. Lead': 'lead' }
const ALL_TILES = { order: 'priority', queue: 'all', query: '', stacked: false, around: null }

function policyIn({ seized, dir }: Copies, ...args: string[]) {
  const { status, stdout, stderr } = seized('case', 'policy', dir, ...args)
  return { status, said: stdout + stderr, sha256: /^policy ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? '' }
}

async function reviewed({ dir, folder }: Copies, operator: string, ...args: string[]) {
  const review = await openReview(
    [dir, '--scale', 'vics-us', '--operator', operator, ...args],
    stateIn(folder),
  )
  const decide = (seed: number, category: string) => {
    const of = { contents: [digests[seed]!], count: 1 }
    return review.post('decide', { act: 'decided', category, note: '', of })
  }
  const order = async (asked: object = {}) => {
    const made = (await (await review.post('view', { ...ALL_TILES, ...asked })).json()) as { view: number }
    const { tiles } = (await (await review.post('tiles', { view: made.view, from: 0, count: 9 })).json()) as {
      tiles: { sha256: string }[]
    }
    return tiles.map(({ sha256 }) => digests.indexOf(sha256))
  }
  const end = async () => {
    await review.post('end')
    return review.ended
  }
  return { ...review, decide, order, end }
}

const statusOf = ({ seized, dir }: Copies) => JSON.parse(seized('case', 'status', dir, '--json').stdout)

it('holds every session to the policy: scale, blind share, settling; a session under another one is refused', async () => {
  const copies = caseWith(PERSONS)
  const { seized, dir, folder } = copies
  expect(policyIn(copies).said).toContain('The case has no policy.')
  for (const [args, words] of [
    [['--scale', 'no-such'], 'no-such'],
    [['--scale', 'vics-us', '--category', '99'], 'has no category "99"'],
    [['--category', '1'], 'names its scale'],
  ] as const) {
    const { status, said } = policyIn(copies, ...args)
    expect([status, said]).toEqual([2, expect.stringContaining(words)])
  }
  const asked = ['--scale', 'vics-us', '--category', '1', '--settle', '1', '--operator', 'L. Lead']
  const { sha256 } = policyIn(copies, ...asked)
  expect(sha256).toHaveLength(64)
  expect(policyIn(copies).sha256).toBe(sha256)
  const own = join(folder, 'own.json')
  writeFileSync(own, '{"policy":1}')
  const review = (...args: string[]) => seized('review', dir, '--operator', 'A. Example', ...args).stderr
  for (const [args, words] of [
    [['--scale', 'caid-uk'], 'says --scale vics-us'],
    [['--scale', 'vics-us', '--policy', own], 'says the rules of the program'],
    [['--scale', 'vics-us', '--pass', 'peer', '--sample', 'x:10'], 'says no sample'],
    [['--scale', 'vics-us', '--pass', 'peer', '--category', '2'], 'says category 1'],
  ] as const)
    expect(review(...args)).toContain(`The policy of the case (${sha256}) ${words}`)

  const first = await reviewed(copies, 'A. Example')
  for (const [seed, category] of [
    [1, '1'],
    [2, '0'],
  ] as const)
    expect((await first.decide(seed, category)).status).toBe(200)
  expect(await first.end()).toBe(0)
  const opened = eventsOf(copies).find(({ event }) => event === 'review-opened')
  expect([opened?.operator, opened?.detail.policySha256]).toEqual(['A. Example', sha256])
  expect(statusOf(copies)).toMatchObject({
    policySha256: sha256,
    due: { blind: 1, blindDone: 0, toSettle: 0 },
  })

  // What the policy draws is the blind pass, without a word of the person who opens it.
  const peer = await reviewed(copies, 'B. Example', '--pass', 'peer')
  expect(peer.said()).toContain('1 content in this pass')
  expect((await peer.decide(1, '2')).status).toBe(200)
  expect(await peer.end()).toBe(0)
  expect(statusOf(copies).due).toEqual({ blind: 1, blindDone: 1, toSettle: 1 })
  expect(seized('case', 'status', dir).stdout).toContain(
    '1 of 1 content graded twice; 1 difference to settle',
  )

  // A policy that comes while a session is open ends that session.
  const open = await reviewed(copies, 'A. Example')
  expect(policyIn(copies, '--scale', 'vics-us').sha256).not.toBe(sha256)
  const late = await open.decide(3, '1')
  expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('another policy since')])
  expect(await open.ended).toBe(75)
  expect(eventsOf(copies).filter(({ fact }) => fact?.kind === 'decision')).toHaveLength(3)
  verified(copies)
}, 240_000)

it('takes the agency’s rules of sight into the log, and lets the named roles alone see originals', async () => {
  const copies = caseWith(PERSONS)
  const { dir, folder, seized } = copies
  const first = await reviewed(copies, 'A. Example')
  expect((await first.decide(1, '1')).status).toBe(200)
  expect(await first.end()).toBe(0)
  const file = join(folder, 'agency.json')
  writeFileSync(file, '{"policy":1,"needs":{"first":"blurred"}}')
  expect(policyIn(copies, '--scale', 'vics-us', '--policy', file, '--reveal', 'lead').status).toBe(0)
  rmSync(file)
  // Nothing is at hand, so nothing was seen at the level that the policy needs.
  const unseen = await reviewed(copies, 'B. Example')
  expect((await unseen.decide(3, '1')).status).toBe(409)
  expect(await unseen.end()).toBe(0)

  const atHand = ALL.flatMap((one) => ['--exhibit-at', `${one}=${rootOf(one)}`])
  const asked = { sha256: digests[1], reason: 'report', words: '', colour: false, blur: 0 }
  const revealedBy = async (operator: string) => {
    const args = ['--pass', 'second', '--allow-writable-mount', ...atHand]
    const review = await reviewed(copies, operator, ...args)
    const { status } = await review.post('reveal', asked)
    expect(await review.end()).toBe(0)
    return status
  }
  expect([await revealedBy('B. Example'), await revealedBy('L. Lead')]).toEqual([409, 200])
  const refused = eventsOf(copies).filter(({ event }) => event === 'reveal-refused')
  expect(refused.map(({ operator, detail }) => [operator, detail.why])).toEqual([['B. Example', 'role']])
  expect(seized('case', 'verify', dir).status).toBe(0)
}, 240_000)

it('offers a person the assigned exhibits and views first, and hides nothing of the others', async () => {
  const copies = caseWith(PERSONS)
  const { seized, dir } = copies
  const assign = (...args: string[]) => {
    const { status, stdout, stderr } = seized('case', 'assign', dir, ...args)
    return [status, stdout + stderr] as const
  }
  const before = await reviewed(copies, 'L. Lead')
  expect(await before.order()).toEqual([1, 2, 3, 4])
  const view = { ...ALL_TILES, query: 'path:only-07' }
  expect((await before.post('save-view', { name: 'One file', view })).status).toBe(200)
  expect(await before.end()).toBe(0)
  for (const [args, words] of [
    [['A. Example', '--exhibit', 'LTU-99'], 'holds no exhibit LTU-99'],
    [['A. Example', '--view', 'No view'], 'No person saved a view No view'],
    [['D. Example', '--exhibit', 'LTU-03'], 'is no person of the case'],
    [['A. Example'], 'Give --exhibit or --view'],
  ] as const)
    expect(assign(...args)).toEqual([2, expect.stringContaining(words)])
  expect(assign('A. Example', '--view', 'One file', '--operator', 'L. Lead')[0]).toBe(0)
  expect(assign('B. Example', '--exhibit', 'LTU-09' satisfies ExhibitId)[0]).toBe(0)
  expect(statusOf(copies).assigned).toEqual([
    { person: 'A. Example', exhibits: [], views: ['One file'] },
    { person: 'B. Example', exhibits: ['LTU-09'], views: [] },
  ])
  expect(seized('case', 'status', dir).stdout).toContain('assigned to A. Example: view One file')
  const own = await reviewed(copies, 'A. Example')
  expect([
    await own.order(),
    await own.order({ queue: 'left' }),
    await own.order({ order: 'place' }),
  ]).toEqual([
    [4, 1, 2, 3],
    [4, 1, 2, 3],
    [1, 2, 3, 4],
  ])
  expect(await own.end()).toBe(0)

  // Served: own contents, then those of no person, then those of others.
  const server = await serving(copies, ['--lease', '2'])
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  const held = async (one: typeof a) => (await one.digests()).map((sha256) => digests.indexOf(sha256)).sort()
  await a.hello()
  expect(await held(a)).toEqual([3, 4])
  await b.hello()
  expect(await held(b)).toEqual([1, 2])
  for (const seed of [3, 4]) expect((await a.decide(digests[seed]!, '1')).status).toBe(200)
  await b.post('end')
  // Nothing is left but what is assigned to another, who is not there.
  await a.post('work')
  expect(await held(a)).toEqual([1, 2])

  // A policy that comes while the case is served: the open session ends, the next one is under it.
  const { sha256 } = policyIn(copies, '--scale', 'vics-us', '--reveal', 'lead')
  const late = await a.decide(digests[1]!, '1')
  expect([late.status, late.json.refused]).toEqual([409, expect.stringContaining('another policy since')])
  expect((await a.hello()).status).toBe(200)
  const opened = eventsOf(copies).findLast(({ event }) => event === 'review-opened')
  expect([opened?.operator, opened?.detail.policySha256]).toEqual(['A. Example', sha256])
  expect((await a.decide(digests[1]!, '1')).status).toBe(200)
  policyIn(copies, '--scale', 'caid-uk')
  const other = await b.hello()
  expect([other.status, other.json.refused]).toEqual([409, expect.stringContaining('says --scale caid-uk')])
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  expect(assign('A. Example', '--none')[0]).toBe(0)
  expect(statusOf(copies).assigned).toHaveLength(1)
  verified(copies)
}, 240_000)
