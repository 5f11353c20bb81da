/**
 * What a screen of tiles costs: sixty JPEG of 12 megapixels, blurred, from when they are asked for until the last has come;
 * the next screen, which was made meanwhile; and the same pictures through sharp alone, without processes, reading or checks.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import sharp from 'sharp'
import { jpeg } from '../fixtures/pictures.ts'

const COUNT = 60
const SCREENS = 2
const BIN = resolve(import.meta.dirname, '../../bin/seized.js')
/** Of USER_HZ, which is 100 on Linux. */
const TICK_MS = 10
/** A page that says nothing for fifteen seconds has gone. */
const LOOK_MS = 4000
const LOOKS = 4

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-sight-'))
  try {
    const exhibit = join(folder, 'exhibit')
    mkdirSync(exhibit)
    const drawn = await jpeg({ seed: 3, width: 4032, height: 3024 })
    const pictures = Array.from({ length: COUNT * SCREENS }, (_, i) =>
      // Behind the end of the picture: another content of the same cost.
      Buffer.concat([drawn, Buffer.from(`content ${i}`)]),
    )
    for (const [i, bytes] of pictures.entries()) writeFileSync(join(exhibit, `IMG_${i}.jpg`), bytes)
    console.log(`${COUNT} JPEG of 12 MP, ${(drawn.length / 1e6).toFixed(1)} MB each`)
    await bare(pictures.slice(0, COUNT))
    const ledger = join(folder, 'case.sqlite')
    await program([
      ...['scan', exhibit, '--case', 'B', '--exhibit', 'B', '--examiner', 'B', '--ledger', ledger],
      ...['--allow-writable-mount', '--phases', 'inventory,known'],
    ])
    await review(ledger, exhibit)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function bare(pictures: readonly Buffer[]): Promise<void> {
  sharp.concurrency(1)
  sharp.cache(false)
  const before = process.cpuUsage()
  for (const bytes of pictures)
    await sharp(bytes).autoOrient().resize(224, 224, { fit: 'inside' }).grayscale().blur(4).raw().toBuffer()
  const { user, system } = process.cpuUsage(before)
  console.log(`sharp alone: ${((user + system) / 1e6).toFixed(2)} s of CPU`)
}

async function program(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
  await once(child, 'exit')
}

async function review(ledger: string, exhibit: string): Promise<void> {
  const args = [
    'review',
    ledger,
    '--scale',
    'vics-us',
    '--operator',
    'B',
    '--exhibit',
    exhibit,
    '--allow-writable-mount',
  ]
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const url = await new Promise<URL>((found) => {
    let said = ''
    child.stdout.on('data', (piece: Buffer) => {
      said += piece
      const address = /http:\/\/127\.0\.0\.1:\d+\/#[\w-]+/.exec(said)
      if (address) found(new URL(address[0]))
    })
  })
  let key = url.hash.slice(1)
  const post = (what: string, body: object = {}) =>
    fetch(`${url.origin}/api/${what}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` },
      body: JSON.stringify(body),
    })
  key = ((await (await post('hello')).json()) as { key: string }).key
  const asked = { order: 'place', queue: 'all', query: '', stacked: false, around: null }
  const { view } = (await (await post('view', asked)).json()) as { view: number }
  for (let screen = 0; screen < SCREENS; screen++) {
    const from = screen * COUNT
    const need = Array.from({ length: COUNT }, (_, i) => from + i)
    const [cpuMs, startMs] = [cpuBelow(child.pid!), performance.now()]
    const more = { level: 'blurred', treatment: 'blur', turn: screen, ahead: COUNT * 2 }
    const response = await post('screen', { view, from, count: COUNT, need, ...more })
    let first = 0
    let bytes = 0
    for await (const piece of response.body!) {
      first ||= performance.now() - startMs
      bytes += piece.length
    }
    const allMs = performance.now() - startMs
    console.log(
      `screen ${screen + 1}: ${((cpuBelow(child.pid!) - cpuMs) / 1000).toFixed(2)} s of CPU, first tile ${first.toFixed(0)} ms, all ${allMs.toFixed(0)} ms by the clock, ${(bytes / 1e6).toFixed(1)} MB`,
    )
    console.log(`memory of the server: ${(residentOf(child.pid!) / 1e6).toFixed(0)} MB`)
    // A person looks: the next screen is made meanwhile.
    for (let look = 0; screen + 1 < SCREENS && look < LOOKS; look++) {
      await new Promise((done) => setTimeout(done, LOOK_MS))
      await post('beat')
    }
  }
  await post('end')
  await once(child, 'exit')
}

/** CPU time of the process and all below it, children that ended included. */
function cpuBelow(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, one) => sum + ticksOf(one) * TICK_MS, 0)
}

function childrenOf(pid: number): readonly number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(Number(name))[1]) === pid)
    .map(Number)
  return children.flatMap((one) => [one, ...childrenOf(one)])
}

function ticksOf(pid: number): number {
  return statOf(pid)
    .slice(11, 15)
    .reduce((sum, one) => sum + Number(one), 0)
}

/** Fields of /proc/PID/stat behind the name; none when it has ended. */
function statOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')
  } catch (error) {
    if (error instanceof Error && 'code' in error) return []
    throw error
  }
}

function residentOf(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
  return Number(kilobytes) * 1024
}
