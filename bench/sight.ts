/**
 * What a screen of tiles costs: sixty JPEG of 12 megapixels in an E01, blurred, from when they are asked for until the last has
 * come; the next screen, which was made meanwhile; memory of the server beside one that shows nothing; bytes of the custody log for
 * each tile; and the same pictures through sharp alone, without processes, reading or checks.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import sharp from 'sharp'
import { writeDiskImage } from '../fixtures/disk-image.ts'
import { drawing } from '../fixtures/pictures.ts'
import { custodyPath } from '../src/ledger/custody/custody.ts'
import { cpuBelow, residentOf } from './process-figures.ts'

const COUNT = 60
const SCREENS = 2
const VOLUMES = 4
/** Thirty of them fill a volume of the fixture. */
const QUALITY = 84
const BIN = resolve(import.meta.dirname, '../../bin/seized.js')
/** A page that says nothing for fifteen seconds has gone. */
const LOOK_MS = 4000
const LOOKS = 4

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-sight-'))
  try {
    const drawn = await drawing({ seed: 3, width: 4032, height: 3024 }).jpeg({ quality: QUALITY }).toBuffer()
    const pictures = Array.from({ length: COUNT * SCREENS }, (_, i) =>
      // Behind the end of the picture: another content of the same cost.
      Buffer.concat([drawn, Buffer.from(`content ${i}`)]),
    )
    const exhibit = imageOf(pictures, folder)
    console.log(`${COUNT} JPEG of 12 MP, ${(drawn.length / 1e6).toFixed(1)} MB each, in ${basename(exhibit)}`)
    await bare(pictures.slice(0, COUNT))
    const ledger = join(folder, 'case.sqlite')
    await program([
      ...['scan', exhibit, '--case', 'B', '--exhibit', 'B', '--examiner', 'B', '--ledger', ledger],
      ...['--phases', 'inventory,known'],
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
  const args = ['review', ledger, '--scale', 'vics-us', '--operator', 'B', '--image', exhibit]
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
  const log = custodyPath(ledger)
  const [before, logged] = [residentOf(child.pid!), statSync(log).size]
  console.log(`memory of the server before the first screen: ${(before / 1e6).toFixed(0)} MB`)
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
    const now = residentOf(child.pid!)
    console.log(
      `memory of the server: ${(now / 1e6).toFixed(0)} MB, ${((now - before) / 1e6).toFixed(0)} more (aim 150)`,
    )
    // A person looks: the next screen is made meanwhile.
    for (let look = 0; screen + 1 < SCREENS && look < LOOKS; look++) {
      await new Promise((done) => setTimeout(done, LOOK_MS))
      await post('beat')
    }
  }
  await post('end')
  await once(child, 'exit')
  const bytes = (statSync(log).size - logged) / (SCREENS * COUNT)
  console.log(`custody log: ${bytes.toFixed(0)} bytes a tile, pages of the database included (aim 200)`)
}

/** Four volumes, because those of the fixture are small; E01 where ewf-tools are installed, else raw. */
function imageOf(pictures: readonly Buffer[], folder: string): string {
  const each = Math.ceil(pictures.length / VOLUMES)
  const volumes = Array.from({ length: VOLUMES }, (_, volume) =>
    pictures
      .slice(volume * each, (volume + 1) * each)
      .map((bytes, i) => ({ name: `IMG_${volume}${String(i).padStart(3, '0')}.JPG`, bytes })),
  )
  writeDiskImage(join(folder, 'disk.raw'), volumes)
  const args = ['-u', '-q', '-f', 'encase6', '-c', 'fast', '-t', 'disk', 'disk.raw']
  const { status } = spawnSync('ewfacquire', args, { cwd: folder, stdio: 'ignore' })
  return join(folder, status === 0 ? 'disk.E01' : 'disk.raw')
}
