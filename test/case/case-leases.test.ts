/** Work on a served case: no two first passes meet, leases go back, and a peer is blind by the bytes of every answer. */
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { joinLedgers } from '../../src/case/joined-ledger.ts'
import { WhoKnows } from '../../src/case/serve/free-work.ts'
import { Leases } from '../../src/case/serve/leases.ts'
import { Seats } from '../../src/case/serve/seats.ts'
import { openLedger } from '../../src/ledger/read/read.ts'
import { findScale } from '../../src/match/records/scale.ts'
import { ReviewedLedger } from '../../src/review/reviewed-ledger.ts'
import type { Review } from '../../src/review/route.ts'
import { ReviewSession } from '../../src/review/session.ts'
import { clearOfMidnight } from '../lab/clear-of-midnight.ts'
import type { Copies } from './exhibits.ts'
import { ALL, decisionsOf, eventsOf, servedCase, verified } from './served-case.ts'
import type { Person } from './serving.ts'

const { caseWith, serving, person, digests, certificateOf } = servedCase()

it('hands each content to one person: three first passes at once never meet', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade', 'C. Example': 'grade' })
  const server = await serving(copies, ['--lease', '1'])
  const persons = ['A. Example', 'B. Example', 'C. Example'].map((name) => person(server, name))
  const work = async (one: Person) => {
    await one.hello()
    for (;;) {
      const [sha256] = await one.digests()
      if (sha256 === undefined) return
      expect((await one.decide(sha256, '1')).status).toBe(200)
      await one.post('work')
    }
  }
  await Promise.all(persons.map(work))
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  const made = decisionsOf(copies)
  expect(made.map(({ sha256 }) => sha256).sort()).toEqual(digests.slice(1).sort())
  for (const { operator, certificate } of made) expect(certificate).toBe(certificateOf(operator!))
  verified(copies)
})

it('gives back the work of a person whose connection broke, and logs it', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const server = await serving(copies)
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  const held = await a.digests()
  await b.hello()
  expect([held.length, (await b.digests()).length]).toEqual([4, 0])
  a.agent.destroy()
  await expect
    .poll(async () => (await b.post('work')).json.total, { timeout: 60_000, interval: 1000 })
    .toBe(4)
  const closed = eventsOf(copies).find(({ event }) => event === 'review-closed')
  expect([closed?.operator, closed?.detail.how]).toEqual(['A. Example', 'silent'])
  const returned = eventsOf(copies).find(({ event }) => event === 'work-returned')
  expect([returned?.operator, returned?.detail.why]).toEqual(['A. Example', 'ended'])
  expect(returned?.detail.contents).toHaveLength(4 * 43)
  expect(returned?.detail.certificate).toBe(certificateOf('A. Example'))
}, 180_000)

/** Sessions on a case in this process, for a clock of our own. */
function sessionsOf({ dir, ledger }: Copies) {
  const ledgers = ALL.map((one) => openLedger(ledger(one)))
  const joined = joinLedgers('T-1', ledgers)
  const all = openLedger(joined.path)
  const reviewed = new ReviewedLedger(all, joined.priorities)
  const open: ReviewSession[] = []
  onTestFinished(() => {
    for (const one of open) one.release()
    for (const one of [reviewed, ...ledgers, all]) one.close()
    joined.remove()
  })
  const ofCase = {
    root: join(dir, 'case'),
    reviewed,
    isAtHand: () => false,
    isPathAtHand: () => false,
    onDecided: () => {},
  }
  return (operator: string, pass: 'first' | 'second' | 'peer') => {
    const common = { account: 'test', sample: null, categories: [], onHead: () => {}, pageSha256: '' }
    const scale = findScale('vics-us', [])
    const session = new ReviewSession(all, { ...common, operator, pass, scale, ofCase, isAlone: true })
    open.push(session)
    return session
  }
}

it('takes a lease back when it has run out, and a decision makes it last longer', () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const session = sessionsOf(copies)
  const [a, b] = [session('A. Example', 'first'), session('B. Example', 'first')]
  const leases = new Leases({ size: 3, lastsMs: 1000 }, new WhoKnows(a.log.ledger))
  expect([leases.take(a, 0), leases.take(b, 0)]).toEqual([3, 1])
  leases.renew('A. Example', 500)
  leases.expire(1000)
  expect([a.contents.length, b.contents.length]).toEqual([3, 0])
  expect(leases.take(b, 1000)).toBe(1)
  leases.expire(1500)
  expect(a.contents.length).toBe(0)
  expect(() => a.numberOf(digests[1]!)).toThrow('not among the contents of this pass')
  expect(leases.take(b, 1500)).toBe(3)
})

it('ends a session that was still being opened when the case is no longer served', async () => {
  const copies = caseWith({ 'A. Example': 'grade' })
  const session = sessionsOf(copies)('A. Example', 'first')
  const leases = new Leases({ size: 3, lastsMs: 1000 }, new WhoKnows(session.log.ledger))
  const ended: string[] = []
  const seats = new Seats(leases, { silenceMs: 1000, idleMs: 1000 }, ({ name }, { how }) => {
    ended.push(`${name} ${how}`)
  })
  const who = { name: 'A. Example', certificate: 'ab'.repeat(32), serial: '01', validToMs: 0 }
  const review = { session } as unknown as Review
  let opened = () => {}
  const opening = seats.open(who, 'first', async () => {
    await new Promise<void>((resolve) => {
      opened = resolve
    })
    return { review, close: async (ending) => ending }
  })
  const all = seats.leaveAll({ how: 'interrupted', problem: null })
  expect(await seats.open(who, 'first', null)).toBe(null)
  opened()
  await Promise.all([opening, all])
  expect([seats.all.length, ended, leases.held('A. Example')]).toEqual([
    0,
    ['A. Example interrupted'],
    undefined,
  ])
  expect(await seats.open(who, 'board', null)).toBe(null)
})

it('draws nobody as a peer who was shown what others decided', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade', 'C. Example': 'grade' })
  const server = await serving(copies)
  const [a, b, c] = [person(server, 'A. Example'), person(server, 'B. Example'), person(server, 'C. Example')]
  await a.hello()
  for (const one of await a.digests()) await a.decide(one, '1')
  await b.hello('second')
  expect((await b.digests()).length).toBe(4)
  await b.hello('peer')
  expect(await b.digests()).toEqual([])
  await a.hello('peer')
  expect(await a.digests()).toEqual([])
  await c.hello('peer')
  expect((await c.digests()).length).toBe(4)
})

interface Graded {
  readonly category: string
  readonly note: string
  readonly tag: string
}

/** What the first person did, and every byte that the peer was then sent. */
async function peerAfter({ category, note, tag }: Graded, at: 'peer' | 'second') {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const server = await serving(copies)
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  for (const sha256 of await a.digests()) {
    expect((await a.decide(sha256, category, note)).status).toBe(200)
    await a.post('tag', { of: { contents: [sha256], count: 1 }, tag })
    const moved = { of: { contents: [sha256], count: 1 }, isIn: true, why: note }
    expect((await a.post('rescue', moved)).status).toBe(200)
    await a.post('note', { of: { contents: [sha256], count: 1 }, text: note })
  }
  await a.post('save-view', { name: tag, view: { ...ALL_TILES, around: undefined } })
  await a.post('end')
  await b.hello(at)
  const view = async (more: object) => (await b.post('view', { ...ALL_TILES, ...more })).json?.view
  const views = [
    await view({}),
    await view({ stacked: true }),
    await view({ queue: 'left' }),
    await view({ queue: 'needs-eyes' }),
    await view({ queue: 'differing' }),
    await view({ queue: 'rescue' }),
    await view({ query: `decision:${category}` }),
    await view({ query: `tag:${tag}` }),
  ]
  const all = await b.digests()
  expect(all.length).toBe(4)
  for (const one of views.filter((each) => each !== undefined)) {
    await b.post('tiles', { view: one, from: 0, count: 200 })
    await b.post('count', { view: one })
  }
  for (const sha256 of all) {
    await b.post('details', { sha256 })
    await b.post('stack', { sha256 })
  }
  await b.post('elsewhere', { contents: all })
  for (const what of ['facets', 'views', 'beat', 'work']) await b.post(what)
  await b.post('folders', { node: 0 })
  const made = await b.post('view', ALL_TILES)
  const screen = { view: made.json.view, from: 0, count: 4, need: [0, 1, 2, 3], ahead: 0 }
  await b.post('screen', { ...screen, level: null, treatment: 'blur', turn: 1 })
  for (const sha256 of all) {
    expect((await b.decide(sha256, '2', 'own words')).status).toBe(200)
    await b.post('details', { sha256 })
  }
  await b.post('undo')
  await b.post('end')
  server.child.kill('SIGTERM')
  await server.ended
  const text = Buffer.concat(b.wire).toString('latin1')
  // What differs between any two sessions: keys, times, and the pace that follows from them.
  return text
    .replace(/"key":"[\w-]{43}"/g, '"key":""')
    .replace(/"(date|when)":"[^"]*"/g, '"$1":""')
    .replace(/"(leftMs|perMinute|seenMs)":(null|\d+)/g, '"$1":0')
    .replace(/"content-length":"\d+"/g, '')
}

const ALL_TILES = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
const ONE = { category: '1', note: 'seen by the first person', tag: 'red car' }
const OTHER = { category: '0', note: 'no doubt at all', tag: 'blue house' }

it('sends a peer the same bytes, whatever the first person decided, noted and tagged', async () => {
  const [one, other] = [await peerAfter(ONE, 'peer'), await peerAfter(OTHER, 'peer')]
  expect(one.length).toBeGreaterThan(10_000)
  expect(one).toBe(other)
  for (const word of ['A. Example', ...Object.values(ONE).slice(1)]) expect(one).not.toContain(word)
  // A pass that is not blind is sent all of it: the comparison can fail.
  const open = await peerAfter(ONE, 'second')
  for (const word of ['A. Example', ...Object.values(ONE).slice(1)]) expect(open).toContain(word)
}, 180_000)

it('lets the lead see all and hand work to others, and nobody else', async () => {
  // The board says what was decided today.
  await clearOfMidnight(60_000)
  const copies = caseWith({
    'A. Example': 'grade',
    'B. Example': 'grade',
    'C. Example': 'read',
    'L. Lead': 'lead',
  })
  const server = await serving(copies, ['--lease', '2'])
  const [a, b, c, lead] = [
    person(server, 'A. Example'),
    person(server, 'B. Example'),
    person(server, 'C. Example'),
    person(server, 'L. Lead'),
  ]
  await a.hello()
  await b.hello()
  const [ofA, ofB] = [await a.digests(), await b.digests()]
  await a.decide(ofA[0]!, '1')
  for (const one of ofB) await b.decide(one, '2')
  expect((await a.post('board')).status).toBe(403)
  expect((await a.post('reassign', { from: 'B. Example', to: null })).status).toBe(403)
  expect((await lead.hello('board')).json).toMatchObject({ at: 'board', isLead: true, caseId: 'T-1' })
  const { json: board } = await lead.post('board')
  expect(board).toMatchObject({ contents: 4, graded: 3, gradedTwice: 0, differing: 0 })
  const rowOf = (name: string) => board.persons.find((one: { name: string }) => one.name === name)
  expect(rowOf('A. Example')).toMatchObject({ at: 'first', leased: 2, left: 1, decidedToday: 1 })
  expect(rowOf('B. Example')).toMatchObject({ at: 'first', leased: 2, left: 0, decidedToday: 2 })
  expect(rowOf('C. Example')).toMatchObject({ role: 'read', at: null })
  // Who reads sees no persons.
  expect((await c.hello()).json).toMatchObject({ at: 'board', isLead: false, places: ['board'] })
  expect((await c.post('board')).json).toMatchObject({ graded: 3, persons: [] })
  expect((await c.hello('first')).status).toBe(403)

  expect((await lead.post('reassign', { from: 'A. Example', to: 'C. Example' })).status).toBe(409)
  expect((await lead.post('reassign', { from: 'A. Example', to: 'B. Example' })).status).toBe(200)
  expect((await a.decide(ofA[1]!, '1')).status).toBe(409)
  expect((await a.post('work')).json.total).toBe(0)
  expect((await b.post('work')).json.total).toBe(1)
  expect(await b.digests()).toEqual([ofA[1]])
  expect((await b.decide(ofA[1]!, '2')).status).toBe(200)
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  const event = eventsOf(copies).find((one) => one.event === 'work-reassigned')
  expect([event?.operator, event?.detail]).toEqual([
    'L. Lead',
    {
      from: 'A. Example',
      to: 'B. Example',
      pass: 'first',
      contents: ofA[1],
      certificate: certificateOf('L. Lead'),
    },
  ])
  verified(copies)
})
