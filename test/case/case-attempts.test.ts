/** Attempts on a served case over the network: each is refused and logged, and the pages of the others go on. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { connect as dial, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { expect, it, onTestFinished } from 'vitest'
import { openssl } from '../sign/authority.ts'
import type { Copies } from './exhibits.ts'
import { type Issued, Laboratory } from './persons.ts'
import { eventsOf, servedCase, verified } from './served-case.ts'
import { asked, type Serving } from './serving.ts'

const { caseWith, serving, person, issued, laboratory, certificateOf } = servedCase()

/** Refusals in the log of the case: reason and person. */
const refusalsIn = (copies: Copies) =>
  eventsOf(copies)
    .filter(({ event }) => event === 'review-request-refused')
    .map(({ detail }) => detail)

async function begun(roles: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const copies = caseWith(roles)
  const server = await serving(copies, args)
  const end = async () => {
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  }
  return { copies, server, end }
}

/** Whether a page is served to this certificate. */
async function page(server: Serving, options: object, path = '/'): Promise<number | 'refused'> {
  const ca = readFileSync(laboratory().file('ca.pem'))
  return asked(new URL(path, server.url), { ca, agent: false, ...options }).then(
    ({ status }) => status,
    () => 'refused' as const,
  )
}

const withKeys = ({ cert, key }: Issued) => ({ cert: readFileSync(cert), key: readFileSync(key) })

it('lets nobody in without a certificate that holds now, of this authority, for a person of the case', async () => {
  const { copies, server, end } = await begun({ 'A. Example': 'grade', 'B. Example': 'none' })
  const of = laboratory()
  const other = new Laboratory(join(of.folder, 'other'))
  const [from, to] = ['20200101000000Z', '20210101000000Z']
  const attempts: [string, object, string][] = [
    ['no certificate', {}, 'certificate-missing'],
    ['of another authority', withKeys(other.issue('A. Example')), 'certificate-untrusted'],
    ['expired', withKeys(of.issue('A. Example', { from, to, file: 'expired' })), 'certificate-expired'],
    [
      'not yet valid',
      withKeys(of.issue('A. Example', { from: '20900101000000Z', to: '20910101000000Z', file: 'early' })),
      'certificate-expired',
    ],
    [
      'of a server',
      withKeys(of.issue('A. Example', { usage: 'serverAuth', file: 'as-server' })),
      'certificate-untrusted',
    ],
    [
      'of two names',
      withKeys(of.issue('A. Example', { file: 'two', subject: '/CN=A. Example/CN=L. Lead' })),
      'certificate-name',
    ],
    ['TLS 1.2', { ...withKeys(issued('A. Example')), maxVersion: 'TLSv1.2' }, 'protocol'],
  ]
  for (const [name, options, why] of attempts) {
    expect([name, await page(server, options)]).toEqual([name, 'refused'])
    await expect.poll(() => refusalsIn(copies).map((one) => one.why)).toContain(why)
  }
  // Known to the authority, unknown to the case; and named, without a role.
  expect(await page(server, withKeys(issued('C. Example')))).toBe(403)
  expect(await page(server, withKeys(issued('B. Example')))).toBe(403)
  const plain = dial(Number(server.url.port), '127.0.0.1')
  plain.on('error', () => {})
  plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await new Promise((resolve) => plain.once('close', resolve))
  expect(await page(server, withKeys(issued('A. Example')))).toBe(200)
  await end()
  const logged = refusalsIn(copies)
  for (const { address } of logged) expect(address).toBe('127.0.0.1')
  const persons = logged.filter(({ why }) => why === 'person').map((one) => [one.person, one.certificate])
  expect(persons).toEqual([
    ['C. Example', certificateOf('C. Example')],
    ['B. Example', certificateOf('B. Example')],
  ])
  verified(copies)
})

/** A list of revoked certificates, as openssl makes it. */
function revoke(of: Laboratory, ...names: string[]): string {
  const folder = join(of.folder, 'revoking')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.txt'), '')
  writeFileSync(
    join(folder, 'ca.cnf'),
    `[ca]\ndefault_ca = one\n[one]\ndatabase = ${folder}/index.txt\ndefault_md = sha256\ndefault_crl_days = 30\n`,
  )
  const ca = [
    'ca',
    '-config',
    join(folder, 'ca.cnf'),
    '-keyfile',
    of.file('ca.key'),
    '-cert',
    of.file('ca.pem'),
  ]
  for (const name of names) openssl(folder, [...ca, '-revoke', of.file(`${name}.pem`)])
  return openssl(folder, [...ca, '-gencrl'])
}

it('ends the session of a person whose certificate is revoked, or whose role is taken away, at once', async () => {
  const of = laboratory()
  const crl = of.file('crl.pem')
  writeFileSync(crl, revoke(of))
  const roles = { 'A. Example': 'grade', 'B. Example': 'grade', 'C. Example': 'grade' }
  const { copies, server, end } = await begun(roles, ['--crl', crl, '--lease', '1'])
  const [a, b, c] = [person(server, 'A. Example'), person(server, 'B. Example'), person(server, 'C. Example')]
  for (const one of [a, b, c]) expect((await one.hello()).status).toBe(200)
  expect(copies.seized('case', 'person', copies.dir, 'B. Example', '--role', 'none').status).toBe(0)
  expect((await b.post('beat')).status).toBe(403)
  expect((await a.post('beat')).status).toBe(200)
  writeFileSync(crl, revoke(of, 'C. Example'))
  await expect
    .poll(async () =>
      c.post('beat').then(
        ({ status }) => status,
        () => 'refused',
      ),
    )
    .toBe('refused')
  // The page of another is connected anew and goes on.
  await expect
    .poll(async () =>
      a.post('beat').then(
        ({ status }) => status,
        () => 'cut',
      ),
    )
    .toBe(200)
  // The try before may have met the moment at which the server listens anew: this one meets the new list.
  await expect(c.post('beat')).rejects.toThrow()
  await end()
  expect(refusalsIn(copies).map(({ why }) => why)).toEqual(
    expect.arrayContaining(['person', 'certificate-revoked']),
  )
})

it('answers no other page, no other key, no request twice; every answer forbids caching', async () => {
  const { copies, server, end } = await begun({ 'A. Example': 'grade', 'B. Example': 'grade' })
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  await b.hello()
  const [[ofA], [ofB]] = [await a.digests(), await b.digests()]
  expect([typeof ofA, ofB]).toEqual(['string', undefined])
  const { host, origin } = server.url
  const foreign: [Record<string, string>, number][] = [
    [{ Host: 'evil.example' }, 403],
    [{ Host: `localhost:${server.url.port}` }, 403],
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: origin.replace('https', 'http') }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ 'Sec-Fetch-Dest': 'iframe' }, 403],
    [{ 'Content-Type': 'text/plain' }, 415],
    [{ Authorization: `Bearer ${b.key}` }, 401],
    [{ Authorization: '' }, 401],
    [{ 'Seized-Request': '0' }, 409],
    [{ 'Seized-Request': 'x' }, 409],
  ]
  const decided = { act: 'decided', category: '1', note: '', of: { contents: [ofA], count: 1 } }
  for (const [headers, status] of foreign)
    expect([headers, (await a.post('decide', decided, headers)).status]).toEqual([headers, status])
  // A cross-site form can reach hello without a key: the certificate comes along by itself.
  expect((await a.post('hello', {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await a.post('hello', {}, { Origin: 'https://evil.example' })).status).toBe(403)
  const start = (headers: object) => page(server, { ...withKeys(issued('A. Example')), headers })
  expect(await start({ 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).toBe(403)
  expect(await start({ 'Sec-Fetch-Site': 'none' })).toBe(200)

  // The same request again, as it was recorded.
  const number = String(a.next)
  expect((await a.post('decide', decided, { 'Seized-Request': number })).status).toBe(200)
  const again = await a.post('decide', decided, { 'Seized-Request': number })
  expect([again.status, again.json.refused]).toEqual([409, 'replayed'])
  const files = await Promise.all(
    ['/', '/page.js', '/page.css'].map((path) => asked(new URL(path, server.url), { agent: a.agent })),
  )
  for (const { status, headers } of [...files, again, await a.post('beat'), await a.post('nothing')]) {
    expect([200, 404, 409]).toContain(status)
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("img-src 'none'")
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect([headers['set-cookie'], headers.etag, headers['last-modified']]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  }
  expect(files[0]!.bytes.toString()).not.toMatch(/https?:\/\/(?!127)/)
  expect(host).toBe(server.url.host)
  await end()
  const why = refusalsIn(copies).map((one) => one.why)
  for (const one of ['host', 'origin', 'site', 'destination', 'type', 'token', 'replayed'])
    expect(why).toContain(one)
  for (const { person: who, certificate } of refusalsIn(copies))
    expect([who, certificate]).toEqual(['A. Example', certificateOf('A. Example')])
  const decisions = eventsOf(copies).filter(({ fact }) => fact?.kind === 'decision')
  expect(decisions).toHaveLength(1)
  verified(copies)
})

function socketTo({ url }: Serving): Promise<Socket> {
  const socket = dial(Number(url.port), '127.0.0.1')
  socket.on('error', () => {})
  return new Promise((resolve) =>
    socket.once('connect', () => resolve(socket)).once('close', () => resolve(socket)),
  )
}

function tlsOf({ url }: Serving, name: string): Promise<TLSSocket> {
  const ca = readFileSync(laboratory().file('ca.pem'))
  const socket = connect({ port: Number(url.port), host: '127.0.0.1', ca, ...withKeys(issued(name)) })
  socket.on('error', () => {})
  return new Promise((resolve) =>
    socket.once('secureConnect', () => resolve(socket)).once('close', () => resolve(socket)),
  )
}

const closed = (socket: Socket) =>
  socket.closed ? Promise.resolve() : new Promise((resolve) => socket.once('close', resolve))

/** 10,000 for a soak; fewer where many tests share a machine. */
const CONNECTIONS = Number(process.env.SEIZED_CONNECTIONS ?? 2000)

/** A browser opens it for a request that may come; the server ends it after a while. */
async function keptReady() {
  const { copies, server, end } = await begun({ 'A. Example': 'grade' })
  const ready = await tlsOf(server, 'A. Example')
  let said = ''
  ready.on('data', (bytes: Buffer) => {
    said += bytes.toString('latin1')
  })
  return async () => {
    await closed(ready)
    expect(said).toBe('')
    expect(refusalsIn(copies)).toEqual([])
    await end()
    verified(copies)
  }
}

it('goes on for others under slow clients and thousands of connections; one that a browser only keeps ready is closed without an answer and notes no refusal', async () => {
  // On a server of its own, which is waited for meanwhile.
  const readyClosed = await keptReady()
  const roles = { 'A. Example': 'grade', 'B. Example': 'grade', 'C. Example': 'grade' }
  const { copies, server, end } = await begun(roles, ['--lease', '1'])
  const [a, b] = [person(server, 'A. Example'), person(server, 'B. Example')]
  await a.hello()
  const [work] = await a.digests()
  // Half a request, half a body, and no handshake.
  const slow = await Promise.all([tlsOf(server, 'C. Example'), tlsOf(server, 'C. Example')])
  slow[0]!.write(`POST /api/hello HTTP/1.1\r\nHost: ${server.url.host}\r\nX: `)
  slow[1]!.write(
    `POST /api/hello HTTP/1.1\r\nHost: ${server.url.host}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
  )
  const silent = await socketTo(server)
  for (const socket of slow) socket.resume()
  await Promise.all([...slow, silent].map(closed))
  await expect.poll(() => refusalsIn(copies).map(({ why }) => why)).toContain('slow')

  const sockets: Socket[] = []
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
  })
  let answered = 0
  for (let made = 0; made < CONNECTIONS; made += 100) {
    sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => socketTo(server)))))
    expect((await a.post('beat')).status).toBe(200)
    answered++
  }
  expect(answered).toBe(CONNECTIONS / 100)
  // Somebody else comes while they stand, and both go on.
  expect((await b.hello()).status).toBe(200)
  const [workB] = await b.digests()
  expect((await a.decide(work!, '1')).status).toBe(200)
  expect((await b.decide(workB!, '1')).status).toBe(200)
  // The end of a connection that was refused comes to its client later than the refusal.
  const open = () => sockets.filter((socket) => !socket.closed && socket.readyState === 'open').length
  await expect.poll(open).toBeLessThanOrEqual(128)

  // One person with many connections takes none of the others'.
  const many = await Promise.all(Array.from({ length: 40 }, () => tlsOf(server, 'C. Example')))
  await expect.poll(() => many.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(16)
  expect((await a.post('beat')).status).toBe(200)
  for (const socket of many) socket.destroy()
  await end()
  const refused = refusalsIn(copies).filter(({ why }) => why === 'connections')
  const times = refused.reduce((sum, { furtherTimes }) => sum + Number(furtherTimes ?? 1), 0)
  expect(times).toBeGreaterThanOrEqual(CONNECTIONS - 128)
  // Thousands of them are a few events.
  expect(refusalsIn(copies).length).toBeLessThan(30)
  verified(copies)
  await readyClosed()
}, 180_000)
