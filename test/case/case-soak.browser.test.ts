/**
 * A soak of a served case in browsers: six exhibits, four persons with their certificates, two in Chromium and two in Firefox,
 * each with a browser of their own, and kills of the server and of connections at the moment of a decision.
 * `SEIZED_SOAK_MINUTES=60` says how long; without it no time is spent. What was decided is taken from the bytes of the wire.
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { BROWSERS } from '../review/browsers.ts'
import { BrowserPerson } from './browser-person.ts'
import { stateIn } from './exhibits.ts'
import { Laboratory } from './persons.ts'
import { Relay } from './relay.ts'
import { type Serving, serveCase } from './serving.ts'
import { soakCase } from './soak-exhibits.ts'
import { asOnTheWire, onTheWire, recordedRight } from './soak-verdict.ts'

const MINUTES = Number(process.env.SEIZED_SOAK_MINUTES ?? 0)
const CONTENTS = Number(process.env.SEIZED_SOAK_CONTENTS ?? 400)
const KILLS = Number(process.env.SEIZED_SOAK_KILLS ?? 20)
/** A folder that keeps case, bytes of the wire and secrets after the test. */
const KEEP = process.env.SEIZED_SOAK_KEEP

const [chromium, firefox] = BROWSERS
const PEOPLE = [
  { name: 'A. Example', role: 'grade', passes: ['first', 'peer'], browser: chromium },
  { name: 'B. Example', role: 'grade', passes: ['first', 'peer'], browser: firefox },
  { name: 'C. Example', role: 'adjudicate', passes: ['first', 'adjudicate', 'peer'], browser: firefox },
  { name: 'L. Lead', role: 'lead', passes: ['board', 'peer', 'adjudicate'], browser: chromium },
] as const
const NAMES = PEOPLE.map(({ name }) => name)

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

it.skipIf(MINUTES === 0 || !chromium.isHere || !firefox.isHere)(
  'loses, doubles and misattributes nothing that four persons decide in two browsers under kills',
  async () => {
    const soak = await soakCase(CONTENTS)
    const { folder, dir, seized } = soak
    const laboratory = new Laboratory(join(folder, 'laboratory'))
    for (const { name, role } of PEOPLE) {
      laboratory.issue(name)
      expect(seized('case', 'person', dir, name, '--role', role).status).toBe(0)
    }
    const port = await freePort()
    const keylog = join(folder, 'keylog')
    const args = ['--listen', `127.0.0.2:${port}`, '--name', 'localhost', '--lease', '10']
    const env = { ...stateIn(folder), NODE_OPTIONS: `--tls-keylog=${keylog}` }
    const serve = () => serveCase(dir, laboratory, args, env)
    let server: Serving = await serve()
    const relay = await Relay.start(port, '127.0.0.1', '127.0.0.2')
    const url = `https://localhost:${port}/`

    let pressed: () => void = () => {}
    let endMs = Number.POSITIVE_INFINITY
    const isOver = () => Date.now() >= endMs
    const persons: BrowserPerson[] = []
    const tabs = []
    for (const { name, passes, browser } of PEOPLE) {
      const { cert, key } = { cert: laboratory.file(`${name}.pem`), key: laboratory.file(`${name}.key`) }
      const certificate = { cert, key, ca: laboratory.file('ca.pem'), server: laboratory.file('server.pem') }
      const tab = await browser.open(`${url}#${passes[0]}`, { certificate })
      tabs.push(tab)
      persons.push(new BrowserPerson({ name, tab, url, passes, presses: () => pressed(), isOver }))
    }
    endMs = Date.now() + MINUTES * 60_000

    let serverKills = 0
    const kill = async () => {
      const random = seeded(7)
      const eachMs = (MINUTES * 60_000) / (2 * KILLS + 1)
      for (let i = 0; i < 2 * KILLS && !isOver(); i++) {
        const next = sleep(eachMs)
        await sleep(eachMs * 0.6 * random())
        // In the moment in which somebody decides.
        await Promise.race([new Promise<void>((resolve) => (pressed = resolve)), next])
        pressed = () => {}
        if (i % 2 === 0) {
          await sleep(60 * random())
          serverKills++
          server.child.kill('SIGKILL')
          await server.ended
          await sleep(3000 * random())
          server = await serve()
        } else relay.cutNext(i % 4 === 1 ? 'request' : 'answer')
        await next
      }
    }
    const say = () =>
      process.stdout.write(
        `${new Date().toISOString()} ${JSON.stringify(persons.map(({ name, told }) => [name, told]))} kills ${serverKills} cuts ${relay.cuts}\n`,
      )
    const saying = setInterval(say, 120_000)
    onTestFinished(() => clearInterval(saying))
    await Promise.all([...persons.map((one) => one.work()), kill()])
    for (const { heard } of tabs) expect(heard.filter((one) => one.startsWith('request:'))).toEqual([])
    for (const tab of tabs) await tab.close()
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    await relay.close()
    say()
    if (KEEP !== undefined) {
      cpSync(folder, KEEP, { recursive: true, filter: (path) => !path.endsWith('.img') })
      mkdirSync(join(KEEP, 'wire'), { recursive: true })
      for (const [i, { client, server: sent }] of relay.connections.entries()) {
        writeFileSync(join(KEEP, 'wire', `${i}.client`), Buffer.concat(client))
        writeFileSync(join(KEEP, 'wire', `${i}.server`), Buffer.concat(sent))
      }
      writeFileSync(join(KEEP, 'failures'), persons.flatMap(({ failures }) => failures).join('\n'))
    }

    const wire = onTheWire(relay.connections, keylog)
    const figures = asOnTheWire(wire, dir, laboratory, NAMES)
    const copies = recordedRight(soak, laboratory)
    const { connections, unread } = wire
    const told = persons.reduce((sum, one) => sum + one.told.decided, 0)
    // What the pages told the persons, the wire answered.
    expect(told).toBeLessThanOrEqual(figures.answered)
    for (const { told: one } of persons) expect(one.decided).toBeGreaterThan(0)
    process.stdout.write(
      `soak in browsers: ${MINUTES} min, ${CONTENTS} contents on 6 exhibits, ${JSON.stringify({ ...figures, told, copies, serverKills, cuts: relay.cuts, connections, unread, exchanges: wire.exchanges.length })}\n`,
    )
  },
  (MINUTES + 15) * 60_000,
)
