/** `seized case serve`: several persons over TLS with certificates, one record of who did what. */
import { chmodSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { tilesIn } from '../e2e/screens.ts'
import { ALL, decisionsOf, eventsOf, servedCase, verified } from './served-case.ts'

const { caseWith, serving, person, digests, certificateOf, laboratory, rootOf } = servedCase()

it('serves two persons at once: each grades over TLS 1.3, and each decision names the certificate', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const server = await serving(copies, ['--lease', '2'])
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  const [ofA, ofB] = [await a.hello(), await b.hello()]
  expect([ofA.status, ofA.json.operator, ofA.json.places]).toEqual([
    200,
    'A. Example',
    ['first', 'second', 'peer'],
  ])
  expect([ofB.status, ofB.json.operator]).toEqual([200, 'B. Example'])
  const [workA, workB] = [await a.digests(), await b.digests()]
  expect([workA.length, workB.length]).toEqual([2, 2])
  expect([...workA, ...workB].sort()).toEqual(digests.slice(1).sort())
  const [one, two] = await Promise.all([a.decide(workA[0]!, '2'), b.decide(workB[0]!, '3', 'as seen')])
  expect([one.status, two.status]).toEqual([200, 200])
  // What the other holds cannot be decided.
  expect((await a.decide(workB[1]!, '1')).status).toBe(409)
  await a.post('end')
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)

  const events = eventsOf(copies)
  const made = decisionsOf(copies).map((one) => [one.sha256, one.category, one.operator, one.certificate])
  expect(made.sort()).toEqual(
    [
      [workA[0], '2', 'A. Example', certificateOf('A. Example')],
      [workB[0], '3', 'B. Example', certificateOf('B. Example')],
    ].sort(),
  )
  const copied = ALL.flatMap((exhibit) =>
    readCustody(copies.ledger(exhibit)).flatMap(({ fact, operator, detail }) =>
      fact?.kind === 'decision' ? [[fact.sha256, operator, detail.certificate]] : [],
    ),
  )
  for (const [sha256, , operator, certificate] of made)
    expect(copied).toContainEqual([sha256, operator, certificate])
  const opened = events.filter(({ event }) => event === 'review-opened')
  expect(opened.map(({ operator, detail }) => [operator, detail.certificate])).toEqual([
    ['A. Example', certificateOf('A. Example')],
    ['B. Example', certificateOf('B. Example')],
  ])
  verified(copies)
})

it('loses nothing that was answered when the server is killed; persons come again and go on', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const server = await serving(copies, ['--lease', '2'], { SEIZED_CRASH_AT: 'case:before-copies:3' })
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  await b.hello()
  const [[first], [second]] = [await a.digests(), await b.digests()]
  const answered = await a.decide(first!, '2').then(
    ({ status }) => status,
    () => 0,
  )
  const cut = await b.decide(second!, '3').then(
    ({ status }) => status,
    () => 0,
  )
  expect(await server.ended).toBeNull()
  expect([answered, cut]).toContain(0)
  // Committed before it is answered: also the one whose answer never came.
  const made = decisionsOf(copies).map(({ sha256, operator }) => [sha256, operator])
  expect(made).toContainEqual([first, 'A. Example'])

  const again = await serving(copies, ['--lease', '50'])
  const [a2, b2] = [person(again, 'A. Example'), person(again, 'B. Example')]
  // A key of the former server opens nothing.
  a2.key = a.key
  expect((await a2.post('beat')).status).toBe(401)
  await a2.hello()
  const left = await a2.digests()
  expect(left).not.toContain(first)
  await b2.hello()
  expect(await b2.digests()).toEqual([])
  for (const one of left) expect((await a2.decide(one, '1')).status).toBe(200)
  expect((await b2.post('work')).json.total).toBe(0)
  again.child.kill('SIGTERM')
  expect(await again.ended).toBe(0)
  const graded = decisionsOf(copies).map(({ sha256 }) => sha256)
  expect([...graded].sort()).toEqual(digests.slice(1).sort())
  verified(copies)
})

it('refuses to begin where the case names no persons, and where a key is not what it should be', () => {
  const copies = caseWith({})
  const keys = (of: Record<string, string>) => {
    const files = { tls: 'server.pem', key: 'server.key', clients: 'ca.pem', ...of }
    return Object.entries(files).flatMap(([name, file]) => [`--${name}`, laboratory().file(file)])
  }
  const serve = (listen: string, of: Record<string, string> = {}) =>
    copies.seized('case', 'serve', copies.dir, '--listen', listen, ...keys(of), '--scale', 'vics-us').stderr
  expect(serve('127.0.0.1:0')).toContain('names no persons')
  copies.seized('case', 'person', copies.dir, 'A. Example', '--role', 'grade')
  expect(serve('0.0.0.0:8443')).toContain('would serve the case on every network')
  expect(serve('localhost:8443')).toContain('takes one address and a port')
  expect(serve('127.0.0.1:0', { key: 'A. Example.key' })).toContain('is not the key of --tls')
  expect(serve('127.0.0.1:0', { clients: 'server.pem' })).toContain('is no certificate of an authority')
  chmodSync(laboratory().file('A. Example.key'), 0o644)
  expect(serve('127.0.0.1:0', { key: 'A. Example.key' })).toContain('is readable by others')
  chmodSync(laboratory().file('A. Example.key'), 0o600)
})

it('shows no tile before its event, which names person and certificate; a decision says how much was seen', async () => {
  const copies = caseWith({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const atHand = ALL.flatMap((one) => ['--exhibit-at', `${one}=${rootOf(one)}`])
  const server = await serving(copies, ['--lease', '2', '--allow-writable-mount', ...atHand])
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  await b.hello()
  const held = await a.digests()
  const { json: made } = await a.post('view', ALL_TILES)
  const screen = { view: made.view, from: 0, count: 2, need: [0, 1], ahead: 0, level: null }
  const { status, bytes } = await a.post('screen', { ...screen, treatment: 'blur', turn: 1 })
  const tiles = await tilesIn(new Response(new Uint8Array(bytes), { status }))
  // A tile comes when its picture is decoded, whichever is first.
  expect(tiles.map(({ sha256, level }) => `${sha256} ${level}`).sort()).toEqual(
    held.map((one) => `${one} blurred`).sort(),
  )
  expect(tiles.every(({ pixels }) => pixels.length > 0)).toBe(true)
  const shown = eventsOf(copies).filter(({ event }) => event === 'screen-asked')
  expect(shown.map(({ operator, detail }) => [operator, detail.certificate])).toEqual([
    ['A. Example', certificateOf('A. Example')],
  ])
  // The other person has neither the view nor the contents.
  expect(
    (await b.post('lift', { sha256: held[0], level: null, treatment: 'blur', want: 'tile', turn: 1 })).status,
  ).toBe(409)
  await a.decide(held[0]!, '1')
  await a.post('end')
  await b.post('end')
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)
  const decision = eventsOf(copies).find(({ fact }) => fact?.kind === 'decision')
  expect(decision?.detail.seen).toBe('blurred')
  const counted = copies.seized('exposure', copies.dir, copies.ledger('LTU-03'))
  expect(counted.stdout + counted.stderr).toContain('A. Example')
  verified(copies)
})

const ALL_TILES = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
