import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmdirSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, expect, it } from 'vitest'
import { reviewContent } from '../../fixtures/ledgers/review.ts'
import { custodyPath, readCustody } from '../../src/ledger/custody/custody.ts'
import { verifyAlone } from '../ledger/temporary.ts'
import { reviewLedger, served } from './review-server.ts'

const POST = { 'Content-Type': 'application/json' }

describe('the page on loopback', () => {
  it('listens on 127.0.0.1 alone', async () => {
    const { port, server } = await served(reviewLedger(3))
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#[\w-]{43}$/)
    const others = Object.values(networkInterfaces())
      .flatMap((one) => one ?? [])
      .map(({ address }) => address)
      .filter((address) => address !== '127.0.0.1')
    for (const address of ['::1', ...others]) {
      const answered = await new Promise((resolve) => {
        const socket = connect({ host: address, port })
        socket.once('connect', () => {
          socket.destroy()
          resolve(address)
        })
        socket.once('error', () => resolve(null))
      })
      expect(answered).toBe(null)
    }
  })

  it('refuses a request under another host name, from another page, or for another destination', async () => {
    const { raw, port, hello, token, ledger, close } = await served(reviewLedger(3))
    const { key } = await hello()
    const own = `http://127.0.0.1:${port}`
    const api = (headers: Record<string, string>, path = '/api/beat') =>
      raw({
        method: 'POST',
        path,
        headers: { ...POST, Authorization: `Bearer ${key}`, ...headers },
        body: '{}',
      })
    expect(
      (await api({ Origin: own, 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Dest': 'empty' })).status,
    ).toBe(200)
    const refused: [Record<string, string>, number][] = [
      [{ Host: `localhost:${port}` }, 403],
      [{ Host: `127.0.0.1` }, 403],
      [{ Host: `attacker.example:${port}` }, 403],
      [{ Origin: 'http://attacker.example' }, 403],
      [{ Origin: 'null' }, 403],
      [{ Origin: `http://127.0.0.1:${port + 1}` }, 403],
      [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
      [{ 'Sec-Fetch-Site': 'same-site' }, 403],
      [{ 'Sec-Fetch-Site': 'none' }, 403],
      [{ 'Sec-Fetch-Dest': 'image' }, 403],
      [{ 'Sec-Fetch-Dest': 'iframe' }, 403],
      [{ 'Content-Type': 'text/plain' }, 415],
      [{ Authorization: '' }, 401],
      [{ Authorization: `Bearer ${token}` }, 401],
      [{ Authorization: `Bearer ${key}x` }, 401],
      [{ Authorization: `Basic ${key}` }, 401],
      [{ Cookie: `key=${key}`, Authorization: '' }, 401],
    ]
    for (const [headers, status] of refused)
      expect([headers, (await api(headers)).status]).toEqual([headers, status])
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'])
      expect([method, (await raw({ method, path: '/api/beat' })).status]).toEqual([method, 405])
    const start = (headers: Record<string, string>) => raw({ path: '/', headers })
    expect((await start({ 'Sec-Fetch-Site': 'none' })).status).toBe(200)
    expect((await start({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect((await raw({ path: '/page.js', headers: { 'Sec-Fetch-Site': 'none' } })).status).toBe(403)
    expect((await raw({ path: '/page.js', headers: { 'Sec-Fetch-Site': 'same-origin' } })).status).toBe(200)
    await close()
    const events = readCustody(ledger)
    const kinds = events
      .filter(({ event }) => event === 'review-request-refused')
      .map(({ detail }) => detail.why)
    expect(kinds.toSorted()).toEqual(['destination', 'host', 'method', 'origin', 'site', 'token', 'type'])
    expect(events.at(-1)!.detail).toMatchObject({ 'refused-host': '3', 'refused-token': '5' })
  })

  it('serves three files and no other, whatever the path', async () => {
    const { raw } = await served(reviewLedger(3))
    expect((await raw({ path: '/' })).bytes.toString()).toContain('<title>seized review</title>')
    for (const path of [
      '/page.html',
      '/../package.json',
      '/%2e%2e/package.json',
      '/page.js/../../main.js',
      '//page.js',
      '/page.js?a',
      '/api/beat',
      '/favicon.ico',
      '/constructor',
    ])
      expect([path, (await raw({ path })).status]).toEqual([path, 404])
  })

  it('forbids with every answer that anything of it is kept, framed, sniffed or run', async () => {
    const { raw, hello, post } = await served(reviewLedger(3))
    await hello()
    const view = await post('view', {
      order: 'priority',
      queue: 'all',
      query: '',
      stacked: false,
      around: null,
    })
    const answers = [
      await raw({ path: '/' }),
      await raw({ path: '/page.js' }),
      await raw({ path: '/bengali.ttf' }),
      await raw({ path: '/nothing' }),
      await raw({ path: '/', headers: { Host: 'attacker.example' } }),
      view,
      await post('tiles', { view: 1, from: 0, count: 3 }),
      await post('view', {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 403, 200, 200, 409])
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'x-frame-options': 'DENY',
      })
      const policy = String(headers['content-security-policy'])
      for (const rule of [
        "default-src 'none'",
        "font-src 'self'",
        "img-src 'none'",
        "media-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
      ])
        expect(policy).toContain(rule)
      expect(policy).not.toMatch(/unsafe|data:|blob:|\*/)
      expect(headers['set-cookie']).toBeUndefined()
      expect(headers['access-control-allow-origin']).toBeUndefined()
      expect(headers['permissions-policy']).toContain('display-capture=()')
    }
  })

  it('gives its key once; a second try is refused and logged, and the first goes on', async () => {
    const { hello, raw, token, ledger, post } = await served(reviewLedger(3))
    const again = () =>
      raw({
        method: 'POST',
        path: '/api/hello',
        headers: { ...POST, Authorization: `Bearer ${token}` },
        body: '{}',
      })
    const wrong = await raw({
      method: 'POST',
      path: '/api/hello',
      headers: { ...POST, Authorization: `Bearer ${token.slice(1)}x` },
      body: '{}',
    })
    expect(wrong.status).toBe(401)
    const { key } = await hello()
    expect(key).not.toBe(token)
    const second = await again()
    expect([second.status, String(second.json().refused)]).toEqual([
      403,
      expect.stringContaining('opened before'),
    ])
    expect(second.bytes.toString()).not.toContain(key)
    expect(readCustody(ledger).filter(({ event }) => event === 'review-second-client').length).toBe(1)
    expect((await post('beat')).status).toBe(200)
  })

  it('ends where a second try cannot be logged', async () => {
    const { hello, raw, token, ledger, server } = await served(reviewLedger(3))
    await hello()
    const [log, away] = [custodyPath(ledger), `${custodyPath(ledger)}.away`]
    renameSync(log, away)
    mkdirSync(log)
    const headers = { ...POST, Authorization: `Bearer ${token}` }
    const second = await raw({ method: 'POST', path: '/api/hello', headers, body: '{}' })
    rmdirSync(log)
    renameSync(away, log)
    expect(second.status).toBe(403)
    expect(await server.ended).toMatchObject({ how: 'over', problem: expect.stringContaining('custody') })
  })

  it('limits a request to 64 kB and a time, and takes at most eight at once', async () => {
    const { hello, raw, port, post } = await served(reviewLedger(3))
    const { key } = await hello()
    const headers = { ...POST, Authorization: `Bearer ${key}` }
    const large = JSON.stringify({ query: 'a'.repeat(70_000) })
    expect((await raw({ method: 'POST', path: '/api/view', headers, body: large })).status).toBe(413)
    const chunked = { ...headers, 'Transfer-Encoding': 'chunked' }
    const refused = await raw({ method: 'POST', path: '/api/view', headers: chunked, body: large })
    expect(refused.status).toBe(413)
    for (const body of ['', '[]', 'null', '{', '"a"'])
      expect([body, (await raw({ method: 'POST', path: '/api/view', headers, body })).status]).toEqual([
        body,
        415,
      ])
    const sockets = Array.from({ length: 9 }, () => connect({ host: '127.0.0.1', port }))
    const ends = sockets.map(
      (socket) => new Promise((resolve) => socket.once('close', resolve).once('error', () => {})),
    )
    for (const socket of sockets) socket.resume().write('POST /api/beat HTTP/1.1\r\n')
    // All of them are ended by the server, the ninth at once.
    await Promise.all(ends)
    expect((await post('beat')).status).toBe(200)
  })

  it('opens no socket but its own, and writes nothing but the custody log', async (test) => {
    if (!existsSync('/proc/self/net/tcp') || spawnSync('which', ['ls']).status !== 0) return test.skip()
    const path = reviewLedger(3)
    const { hello, post, port } = await served(path)
    await hello()
    await post('view', { order: 'priority', queue: 'all', query: '', stacked: false, around: null })
    const listening = spawnSync('cat', ['/proc/self/net/tcp', '/proc/self/net/tcp6'], {
      encoding: 'utf8',
    }).stdout
    const ours = listening
      .split('\n')
      .filter((line) => line.includes(`:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000`))
    expect(ours.length).toBe(1)
    expect(ours[0]).toContain('0100007F')
  })
})

describe('a review ends', () => {
  it('when the browser falls silent, and says so in the log', async () => {
    const { hello, server, ledger, close } = await served(reviewLedger(3), {}, { silenceMs: 300 })
    await hello()
    expect(await server.ended).toEqual({ how: 'silent', problem: null })
    await close()
    expect(readCustody(ledger).at(-1)).toMatchObject({
      event: 'review-closed',
      detail: { how: 'silent', decided: '0' },
      fact: { kind: 'session', act: 'closed', pass: 'first', scale: 'vics-us' },
    })
    expect(verifyAlone(ledger).ok).toBe(true)
  })

  it('when no person does anything, though the page is still open', async () => {
    const { hello, post, server } = await served(reviewLedger(3), {}, { idleMs: 400 })
    await hello()
    const beats = setInterval(() => void post('beat').catch(() => {}), 50)
    expect((await server.ended).how).toBe('idle')
    clearInterval(beats)
    expect((await post('beat')).status).toBe(401)
  })

  it('when the page ends it: its key is worth nothing any more', async () => {
    const { hello, post, server, ledger } = await served(reviewLedger(3))
    await hello()
    expect((await post('end')).status).toBe(200)
    expect((await server.ended).how).toBe('ended')
    // What the page sent meanwhile is no stranger's.
    const late = await post('beat')
    expect([late.status, late.json().ended]).toEqual([401, true])
    expect(readCustody(ledger).filter(({ event }) => event === 'review-request-refused')).toEqual([])
  })

  it('when the same person opens another one, when the ledger is replaced, and when the log is: each in a sentence', async () => {
    const path = reviewLedger(3)
    const first = await served(path)
    await first.hello()
    const second = await served(path)
    expect((await first.post('beat')).json()).toMatchObject({
      refused: expect.stringContaining('another review'),
      ended: true,
    })
    expect((await first.server.ended).how).toBe('over')
    const other = await served(path, { operator: 'B. Example' })
    await other.hello()
    expect((await other.post('beat')).status).toBe(200)
    expect((await second.hello()).operator).toBe('A. Example')

    renameSync(path, `${path}.away`)
    const decided = await second.post('decide', {
      act: 'decided',
      category: '1',
      note: '',
      of: { contents: [reviewContent(0).digests.sha256], count: 1 },
    })
    expect(decided.json()).toMatchObject({
      refused: expect.stringContaining('was replaced or changed'),
      ended: true,
    })
    renameSync(`${path}.away`, path)
    renameSync(custodyPath(path), `${custodyPath(path)}.away`)
    expect((await other.post('beat')).status).toBe(409)
    renameSync(`${custodyPath(path)}.away`, custodyPath(path))
  })

  it('counts a refused connection once, whatever else comes on it', async () => {
    const { port, ledger, server, close } = await served(reviewLedger(3))
    const head = (body: string) =>
      [
        ...['POST /api/view HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Content-Type: text/plain'],
        ...[`Content-Length: ${body.length}`, '', body],
      ].join('\r\n')
    for (const sent of [`${head('{}')}{}{}`, head('a'.repeat(70_000)), head('{}')])
      await new Promise<void>((resolve) => {
        const socket = connect({ host: '127.0.0.1', port })
        socket.on('error', () => {}).once('close', () => resolve())
        socket.resume().end(sent)
      })
    expect(server.refusals).toEqual({ 'refused-type': '3' })
    await close()
    const why = readCustody(ledger).flatMap(({ event, detail }) =>
      event === 'review-request-refused' ? [detail.why] : [],
    )
    expect(why).toEqual(['type'])
  })
})
