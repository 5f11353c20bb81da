/**
 * What a content that another host analyses costs the main process of the scan, beside one that its own children analyse:
 * `npm run bench -- look-shards 300` (pictures). Both scans read one image; the other hosts are processes of this machine.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { writeLookImage } from '../fixtures/look-exhibit.ts'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { ShardFolder } from '../src/host/shards/shard-folder.ts'
import { openLedger } from '../src/ledger/read/read.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** USER_HZ of Linux. */
const TICKS_A_SECOND = 100

export async function run([pictures = '300']: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-shards-'))
  try {
    const image = join(folder, 'image.dd')
    await writeLookImage(image, Number(pictures))
    const known = await scanned(folder, image, 'known', ['--phases', 'inventory,known'])
    const local = await scanned(folder, image, 'local', [])
    const exchange = new ShardFolder(join(folder, 'exchange'))
    let over = false
    const looking = lookHost(folder, exchange, () => over)
    const shared = await scanned(folder, image, 'shared', ['--look-shards', exchange.folder])
    over = true
    await looking
    const ledger = openLedger(join(folder, 'shared.sqlite'))
    const merged = ledger.events().filter(({ event }) => event === 'look-shard-merged')
    ledger.close()
    if (local.analysis !== shared.analysis) throw new Error('another analysis digest')
    const elsewhere = merged.reduce((sum, { detail }) => sum + Number(detail.contents), 0)
    const here = (local.cpuMs - known.cpuMs) / Number(pictures)
    // What its own children analysed costs the same in both scans.
    const there = (shared.cpuMs - known.cpuMs - here * (Number(pictures) - elsewhere)) / elsewhere
    console.log(
      `main process: ${known.cpuMs} ms without analysis, ${local.cpuMs} ms on one host, ${shared.cpuMs} ms shared`,
    )
    console.log(
      `a content analysed here ${here.toFixed(2)} ms; elsewhere ${there.toFixed(2)} ms (${elsewhere} of ${pictures}, ${merged.length} shards)`,
    )
    console.log(`a shard: ${((there * elsewhere) / merged.length).toFixed(1)} ms of the main process`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns CPU time of the main process alone, in milliseconds */
async function scanned(folder: string, image: string, name: string, more: readonly string[]) {
  const names = [
    '--case',
    'bench',
    '--exhibit',
    name,
    '--examiner',
    'bench',
    '--workers',
    '1',
    '--progress',
    'json',
  ]
  const child = spawn(
    process.execPath,
    [BIN, 'scan', image, '--ledger', join(folder, `${name}.sqlite`), ...names, ...more],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  child.stdout.on('data', (text) => (said += text))
  let cpuMs = 0
  const watch = setInterval(() => (cpuMs = Math.max(cpuMs, ownCpuMs(child))), 20)
  await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  const { analysisDigest } = JSON.parse(said.trim().split('\n').at(-1)!)
  return { cpuMs, analysis: analysisDigest as string }
}

function ownCpuMs({ pid }: ChildProcess): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_A_SECOND
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return 0
    throw error
  }
}

async function lookHost(folder: string, exchange: ShardFolder, isOver: () => boolean): Promise<void> {
  for (; !isOver(); await wait(20)) {
    const name = exchange.offered().find((one) => !exchange.isTaken(one))
    if (name === undefined) continue
    const file = join(exchange.folder, `${name}.shard.json`)
    const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, '--workers', '1']
    const child = spawn(process.execPath, [BIN, ...words, '--config', join(folder, 'none')], {
      stdio: 'ignore',
    })
    await new Promise((resolve) => child.on('close', resolve))
  }
}
