/**
 * A soak of a served case: six exhibits, four persons who grade as fast as they may, and kills of server and connections.
 * `SEIZED_SOAK_MINUTES=8` says how long; without it a minute is not spent on every run. Its figures go to standard output.
 */
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { seeded } from '../../fixtures/pictures.ts'
import { stateIn } from './exhibits.ts'
import { Laboratory } from './persons.ts'
import { Person, type Serving, serveCase } from './serving.ts'
import { soakCase } from './soak-exhibits.ts'
import { decisionsMade, recordedRight } from './soak-verdict.ts'

const MINUTES = Number(process.env.SEIZED_SOAK_MINUTES ?? 0)
const CONTENTS = Number(process.env.SEIZED_SOAK_CONTENTS ?? 400)
const KILLS = 20

const PEOPLE = {
  'A. Example': { role: 'grade', passes: ['first', 'peer'] },
  'B. Example': { role: 'grade', passes: ['first', 'peer'] },
  'C. Example': { role: 'adjudicate', passes: ['first', 'adjudicate', 'peer'] },
  'L. Lead': { role: 'lead', passes: ['board', 'peer', 'adjudicate'] },
} as const
type Name = keyof typeof PEOPLE

const figures = { answered: 0, unanswered: 0, refused: 0, hellos: 0, serverKills: 0, cuts: 0 }
const times: number[] = []

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

it.skipIf(MINUTES === 0)(
  'loses, doubles and misattributes nothing under kills of server and connections',
  async () => {
    const soak = await soakCase(CONTENTS)
    const { folder, dir, seized } = soak
    const laboratory = new Laboratory(join(folder, 'laboratory'))
    for (const [name, { role }] of Object.entries(PEOPLE)) {
      laboratory.issue(name)
      expect(seized('case', 'person', dir, name, '--role', role).status).toBe(0)
    }
    const listen = ['--listen', `127.0.0.1:${await freePort()}`, '--lease', '10']
    const serve = () => serveCase(dir, laboratory, listen, stateIn(folder))
    let server: Serving = await serve()
    const endMs = Date.now() + MINUTES * 60_000
    const isOver = () => Date.now() >= endMs
    onTestFinished(() => {
      server.child.kill('SIGKILL')
    })
    const answered = new Set<string>()
    const unanswered = new Set<string>()
    const agents = new Map<string, Person>()
    const wires: { name: Name; pass: string; person: Person }[] = []

    const work = async (name: Name) => {
      const random = seeded(name.charCodeAt(0))
      let made = 0
      const passes = PEOPLE[name].passes
      for (let turn = 0; !isOver(); turn++) {
        const pass = passes[turn % passes.length]!
        const keys = { cert: laboratory.file(`${name}.pem`), key: laboratory.file(`${name}.key`) }
        const person = new Person(server, laboratory, keys)
        agents.set(name, person)
        wires.push({ name, pass, person })
        try {
          figures.hellos++
          if ((await person.hello(pass)).status !== 200) {
            await sleep(300)
            continue
          }
          if (pass === 'board') {
            for (let i = 0; i < 5 && !isOver(); i++) {
              expect((await person.post('board')).status).toBe(200)
              await sleep(500)
            }
            continue
          }
          for (let rounds = 0; rounds < 3 && !isOver(); rounds++) {
            const contents = await person.digests()
            if (contents.length === 0) break
            for (const sha256 of contents) {
              if (isOver()) break
              const note = `${name} said ${++made}.`
              const category = String(Math.floor(random() * 3))
              const act = pass === 'adjudicate' ? 'adjudicated' : 'decided'
              unanswered.add(note)
              const beganMs = performance.now()
              const of = { contents: [sha256], count: 1 }
              const { status } = await person.post('decide', { act, category, note, of })
              times.push(performance.now() - beganMs)
              unanswered.delete(note)
              if (status === 200) answered.add(note)
              else figures.refused++
              await sleep(20 + random() * 200)
            }
            await person.post('work')
          }
          await person.post('end')
        } catch (error) {
          if (error instanceof Error && error.name === 'AssertionError') throw error
          // The server was killed, or the connection was cut: the person comes again.
          await sleep(200)
        } finally {
          person.agent.destroy()
        }
      }
    }

    const kill = async () => {
      const random = seeded(7)
      for (let i = 0; i < KILLS && !isOver(); i++) {
        await sleep(((MINUTES * 60_000) / (KILLS + 1)) * (0.8 + 0.3 * random()))
        if (i % 2 === 0) {
          figures.serverKills++
          server.child.kill('SIGKILL')
          await server.ended
          server = await serve()
        } else {
          figures.cuts++
          const names = Object.keys(PEOPLE)
          agents.get(names[Math.floor(random() * names.length)]!)?.agent.destroy()
        }
      }
    }
    await Promise.all([...(Object.keys(PEOPLE) as Name[]).map(work), kill()])
    server.child.kill('SIGTERM')
    expect(await server.ended).toBe(0)
    figures.answered = answered.size
    figures.unanswered = unanswered.size

    const made = decisionsMade(dir)
    const byNote = new Map<string, number>()
    for (const { note } of made) byNote.set(note, (byNote.get(note) ?? 0) + 1)
    const lost = [...answered].filter((note) => byNote.get(note) !== 1)
    const doubled = [...byNote].filter(([, count]) => count > 1)
    const invented = [...byNote.keys()].filter((note) => !answered.has(note) && !unanswered.has(note))
    expect([lost, doubled, invented]).toEqual([[], [], []])
    for (const { note, operator } of made) expect(note.startsWith(`${operator} said`)).toBe(true)
    const copies = recordedRight(soak, laboratory)
    // Peers were blind: no byte that they were sent has words of another person.
    let peerBytes = 0
    for (const { name, pass, person } of wires) {
      if (pass !== 'peer') continue
      const text = Buffer.concat(person.wire).toString('latin1')
      peerBytes += text.length
      for (const other of Object.keys(PEOPLE)) if (other !== name) expect(text).not.toContain(`${other} said`)
    }
    expect(peerBytes).toBeGreaterThan(0)
    const sorted = times.sort((x, y) => x - y)
    const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)
    process.stdout.write(
      `soak: ${MINUTES} min, ${CONTENTS} contents on 6 exhibits, ${JSON.stringify({ ...figures, logged: made.length, copies, peerBytes })}, answers in ms: median ${at(0.5)}, 95 % ${at(0.95)}, longest ${at(0.9999)}\n`,
    )
  },
  (MINUTES + 5) * 60_000,
)
