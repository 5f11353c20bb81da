/** A page of an enemy in a real browser, while a review is open: whatever it tries is refused, counted and logged, and the review goes on. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readCustody } from '../../src/ledger/custody/custody.ts'
import { BROWSERS } from './browsers.ts'
import { reviewLedger, served } from './review-server.ts'

/** Another page on this machine, by any name that leads here. */
async function hostilePage(): Promise<number> {
  const server = createServer((_, response) =>
    response
      .setHeader('Content-Type', 'text/html')
      .end('<!doctype html><title>enemy</title><iframe name="into"></iframe>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const UNSEEN = expect.stringMatching(/^(failed|nothing)$/)

/** Run in the enemy's page, which even knows the key. Each attempt says how it went; what it may not see is `failed`. */
const attempts = (at: string, key: string) => `(async () => {
  const at = ${JSON.stringify(at)}
  const headers = { 'Content-Type': 'application/json', Authorization: 'Bearer ${key}' }
  const body = JSON.stringify({ by: 'left' })
  const loaded = (element) => new Promise((resolve) => {
    element.onload = () => resolve('loaded')
    element.onerror = () => resolve('failed')
    document.body.append(element)
  })
  const element = (tag, properties) => loaded(Object.assign(document.createElement(tag), properties))
  const tried = (work) => work().catch(() => 'failed')
  const socket = () => new Promise((resolve) => {
    const one = new WebSocket(at.replace('http', 'ws') + '/api/tiles')
    one.onopen = () => resolve('open')
    one.onerror = () => resolve('failed')
  })
  const events = () => new Promise((resolve) => {
    const one = new EventSource(at + '/api/beat')
    one.onopen = () => resolve('open')
    one.onerror = () => { one.close(); resolve('failed') }
  })
  const form = async () => {
    const one = Object.assign(document.createElement('form'), { action: at + '/api/end', method: 'post', target: 'into', enctype: 'text/plain' })
    one.append(Object.assign(document.createElement('input'), { name: '{"by":"', value: 'left"}' }))
    document.body.append(one)
    one.submit()
    return 'sent'
  }
  // An attempt that a browser never ends saw nothing either.
  const bounded = (work, seconds = 20) =>
    Promise.race([tried(work), new Promise((resolve) => setTimeout(resolve, 1000 * seconds, 'nothing'))])
  return {
    read: await bounded(async () => (await fetch(at + '/')).status),
    api: await bounded(async () => (await fetch(at + '/api/tiles', { method: 'POST', headers, body })).status),
    plain: await bounded(async () => (await fetch(at + '/api/end', { method: 'POST', mode: 'no-cors', body })).type),
    cookie: await bounded(async () => (await fetch(at + '/', { mode: 'no-cors', credentials: 'include' })).type),
    beacon: String(navigator.sendBeacon(at + '/api/end', body)),
    script: await bounded(() => element('script', { src: at + '/page.js' })),
    style: await bounded(() => element('link', { rel: 'stylesheet', href: at + '/page.css' })),
    image: await bounded(() => element('img', { src: at + '/' })),
    object: await bounded(() => element('iframe', { src: at + '/' }), 1),
    frames: [...document.querySelectorAll('iframe')].map((one) => { try { return one.contentDocument?.title ?? 'closed' } catch { return 'closed' } }).join(),
    socket: await bounded(socket),
    events: await bounded(events),
    form: await form(),
  }
})()`

describe.each(BROWSERS)("an enemy's page in $name", ({ name, isHere, open }) => {
  it.skipIf(!isHere)(
    'is refused whatever it tries, from another port, another name, and a name that leads to the review',
    async () => {
      const review = await served(reviewLedger(3))
      const { key } = await review.hello()
      const port = await hostilePage()
      const at = `http://127.0.0.1:${review.port}`
      const tab = await open(`http://127.0.0.1:${port}/`, {}, [
        '--host-resolver-rules=MAP enemy.example 127.0.0.1',
      ])
      const before = readCustody(review.ledger).length
      let unended = 0
      for (const host of ['127.0.0.1', 'localhost']) {
        await tab.go(`http://${host}:${port}/`)
        const went = await tab.run<Record<string, string>>(attempts(at, key))
        expect([host, went]).toEqual([
          host,
          expect.objectContaining({
            read: UNSEEN,
            api: UNSEEN,
            script: UNSEEN,
            image: UNSEEN,
            socket: UNSEEN,
            events: UNSEEN,
          }),
        ])
        expect([host, went.plain, went.cookie].join()).toMatch(
          /,(opaque|failed|nothing),(opaque|failed|nothing)$/,
        )
        unended += Object.entries(went).filter(([key, how]) => key !== 'object' && how === 'nothing').length
        expect(went.frames).not.toContain('seized')
      }
      // A name whose address changed to ours: the same origin as far as the browser knows.
      const rebound = name === 'Chromium' ? 'enemy.example' : 'localhost'
      await tab.go(`http://${rebound}:${review.port}/`).catch(() => {})
      expect(await tab.run('document.documentElement.textContent')).toContain('host')
      const same = await tab.run<number>(
        `fetch('/api/beat', { method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: 'Bearer ${key}' }, body: '{}' }).then(({ status }) => status, () => 0)`,
      )
      expect(same === 403 || same === 0).toBe(true)
      // Opened from there, even with the address: it has been opened before.
      await tab.go(`http://127.0.0.1:${port}/`)
      await tab.run(`void open(${JSON.stringify(review.server.url)})`)
      expect((await review.post('beat')).status).toBe(200)
      const decided = await review.post('decide', {
        act: 'decided',
        category: '1',
        note: '',
        of: { view: 1, count: 3 },
      })
      expect(decided.status).toBe(409)
      await review.close()
      const events = readCustody(review.ledger).slice(before)
      const why = events
        .filter(({ event }) => event === 'review-request-refused')
        .map(({ detail }) => detail.why)
      expect(why).toEqual(expect.arrayContaining(['host', 'site']))
      const { detail } = events.at(-1)!
      expect(
        Number(detail['refused-site'] ?? 0) + Number(detail['refused-origin'] ?? 0),
      ).toBeGreaterThanOrEqual(14 - unended)
      expect(Number(detail['refused-host'])).toBeGreaterThanOrEqual(1)
      expect(events.some(({ fact }) => fact?.kind === 'decision')).toBe(false)
    },
    240_000,
  )
})

describe('another program on this machine', () => {
  it('that sends what is no request, tunnels, or holds every connection, is refused and counted', async () => {
    const { connect } = await import('node:net')
    const review = await served(reviewLedger(3))
    await review.hello()
    const said = (text: string) =>
      new Promise<string>((resolve) => {
        let answer = ''
        const socket = connect({ host: '127.0.0.1', port: review.port })
        socket.on('data', (piece) => {
          answer += piece
        })
        socket.on('error', () => resolve(answer))
        socket.on('close', () => resolve(answer))
        socket.write(text)
      })
    const host = `Host: 127.0.0.1:${review.port}\r\n`
    expect(await said('nonsense\r\n\r\n')).toContain(' 400 ')
    expect(await said(`CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`)).toContain(' 405 ')
    expect(await said('GET / HTTP/1.0\r\n\r\n')).toContain(' 403 ')
    const upgrade = `GET /api/tiles HTTP/1.1\r\n${host}Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n`
    expect(await said(upgrade)).toContain(' 404 ')
    // Two bodies in one: a proxy would read it otherwise than we do.
    const smuggled = `POST /api/beat HTTP/1.1\r\n${host}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`
    expect(await said(smuggled)).toContain(' 400 ')
    const held = Array.from({ length: 12 }, () =>
      connect({ host: '127.0.0.1', port: review.port }).on('error', () => {}),
    )
    await expect.poll(() => review.server.refusals['refused-connections'], { timeout: 60_000 }).toBeTruthy()
    for (const socket of held) socket.destroy()
    await expect
      .poll(async () => (await review.post('beat').catch(() => null))?.status, { timeout: 60_000 })
      .toBe(200)
    await review.close()
    const { detail } = readCustody(review.ledger).at(-1)!
    expect(detail).toMatchObject({
      'refused-malformed': '2',
      'refused-method': '1',
      'refused-host': '1',
      'refused-path': '1',
    })
  })
})
