/**
 * One exhibit on several hosts: `npm run bench -- look-shards [pictures=300] [videos=40] [cores=0.1]`.
 *
 * `npm run bench -- look-shards pictures=0 videos=0 total=16 [seconds=30]`: CPU time of all hosts together, beside that of one.
 *
 * Costs: what a content that another host analyses costs the main process of the scan, beside one that its own children analyse.
 * Ratio: hosts of two workers, each kept to a share of this machine (`cores` a worker): four of them against one.
 */
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { clip } from '../fixtures/clips.ts'
import { writeLookImage } from '../fixtures/look-exhibit.ts'
import { ShardFolder } from '../src/host/shards/shard-folder.ts'
import { CpuQuota } from './cpu-quota.ts'
import { lookHost, type Scanned, scanned, timed } from './look-hosts.ts'

const HOSTS = 4
const WORKERS = 2

export async function run(args: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(args.find((arg) => arg.startsWith(`${name}=`))?.split('=')[1] ?? otherwise)
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-shards-'))
  try {
    const pictures = option('pictures', 300)
    if (pictures > 0) await costs(folder, pictures)
    const videos = option('videos', 40)
    if (videos > 0) await ratio(folder, videos, option('cores', 0.1))
    const total = option('total', 0)
    if (total > 0) await totals(folder, total, option('seconds', 15))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function costs(folder: string, pictures: number): Promise<void> {
  const image = join(folder, 'pictures.dd')
  await writeLookImage(image, pictures)
  const more = ['--phases', 'inventory,known']
  // The first run of a program hashes its own parts.
  await scanned({ folder, image, name: 'first', more })
  const known = await scanned({ folder, image, name: 'known', more })
  const local = await scanned({ folder, image, name: 'local' })
  const exchange = new ShardFolder(join(folder, 'shared-shards'))
  const shared = await heldScan(folder, image, exchange)
  requireEqual(local, shared)
  const { merged } = shared
  const elsewhere = merged.reduce((sum, one) => sum + one, 0)
  const here = (local.mainMs - known.mainMs) / pictures
  // What its own children analysed costs the same in both scans.
  const there = (shared.mainMs - known.mainMs - here * (pictures - elsewhere)) / elsewhere
  console.log(
    `main process: ${known.mainMs} ms without analysis, ${local.mainMs} ms on one host, ${shared.mainMs} ms shared`,
  )
  console.log(
    `a content analysed here ${here.toFixed(2)} ms; elsewhere ${there.toFixed(2)} ms (${elsewhere} of ${pictures}, ${merged.length} shards)`,
  )
  console.log(`a shard: ${((there * elsewhere) / merged.length).toFixed(1)} ms of the main process`)
}

async function ratio(folder: string, videos: number, cores: number): Promise<void> {
  if (!CpuQuota.possible) return console.log('Control groups and root are needed: the ratio is not measured.')
  const image = join(folder, 'videos.dd')
  const files: Record<string, Uint8Array> = {}
  for (let i = 0; i < videos; i++) files[`V${i}.MP4`] = await clip(i + 1)
  await writeLookImage(image, 1, files)
  const quotas = Array.from({ length: HOSTS }, (_, i) => new CpuQuota(`host-${i}`, cores * WORKERS))
  try {
    const hosts = quotas.map(({ entering }) => ({ entering, workers: WORKERS }))
    const alone = await scanned({ folder, image, name: 'alone', ...hosts[0]! })
    const { merged, ...four } = await withHosts(folder, image, 'four', hosts.slice(1), hosts[0])
    requireEqual(alone, { merged, ...four })
    console.log(
      `${videos} videos, hosts of ${WORKERS} workers with ${(cores * WORKERS).toFixed(2)} cores: one ${seconds(alone)}, four ${seconds(four)}: ${(alone.unknownMs / four.unknownMs).toFixed(2)} times; ${merged.length} shards of ${merged.join(', ')} came from others`,
    )
  } finally {
    for (const quota of quotas) quota.end()
  }
}

/** CPU time is no matter of how many cores there are: what 2 and 4 hosts take together, and what the scan's main process takes. */
async function totals(folder: string, videos: number, seconds: number): Promise<void> {
  const image = join(folder, 'totals.dd')
  const files: Record<string, Uint8Array> = {}
  const form = { width: 320, height: 240, seconds, framesPerSecond: 15 }
  for (let i = 0; i < videos; i++) files[`V${i}.MP4`] = await clip(i + 1, 'as it is', form)
  await writeLookImage(image, 1, files)
  await scanned({ folder, image, name: 'first', more: ['--phases', 'inventory,known'] })
  let one: Scanned | null = null
  let oneMs = 1
  for (const hosts of [1, 2, HOSTS]) {
    const name = `total-${hosts}`
    const [own, other] = [join(folder, `${name}.own`), join(folder, `${name}.other`)]
    const others = Array.from({ length: hosts - 1 }, () => ({ workers: 1, entering: timed(other) }))
    const scan = await withHosts(folder, image, name, others, { workers: 1, entering: timed(own) })
    one ??= scan
    requireEqual(one, scan)
    const [ownMs, otherMs] = [cpuIn(own), cpuIn(other)]
    if (hosts === 1) oneMs = ownMs.ms
    const all = ((ownMs.ms + otherMs.ms) / oneMs).toFixed(2)
    console.log(
      `${hosts} hosts: the scan's own ${tenths(ownMs.ms)} (its main process ${scan.mainMs} ms), others ${tenths(otherMs.ms)} in ${otherMs.runs} shards; together ${all} times one host; merged ${scan.merged.join(', ') || 'nothing'}`,
    )
  }
}

function cpuIn(file: string): { readonly ms: number; readonly runs: number } {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
  const times = lines
    .filter((line) => /^[\d.]+ [\d.]+$/.test(line))
    .map((line) => line.split(' ').map(Number))
  return { ms: times.reduce((sum, [user, system]) => sum + (user! + system!) * 1000, 0), runs: times.length }
}

function tenths(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}

/** Stands still while another host answers every shard that it offers: its own children would take most of them. */
async function heldScan(folder: string, image: string, exchange: ShardFolder): Promise<Scanned> {
  let held: ChildProcess | null = null
  const more = ['--look-shards', exchange.folder]
  const scan = scanned({ folder, image, name: 'shared', more, started: (one) => (held = one) })
  while (exchange.offered().length === 0) await wait(5)
  held!.kill('SIGSTOP')
  await lookHost(folder, exchange, () => exchange.offered().every((one) => exchange.isAnswered(one)))
  held!.kill('SIGCONT')
  return scan
}

type Host = Pick<Parameters<typeof scanned>[0], 'workers' | 'entering'>

async function withHosts(
  folder: string,
  image: string,
  name: string,
  hosts: readonly Host[],
  own: Host = {},
) {
  const exchange = new ShardFolder(join(folder, `${name}-shards`))
  let isOver = false
  const scan = scanned({ folder, image, name, ...own, more: ['--look-shards', exchange.folder] }).finally(
    () => {
      isOver = true
    },
  )
  await Promise.all(hosts.map((host) => lookHost(folder, exchange, () => isOver, host)))
  return scan
}

function requireEqual(one: Scanned, other: Scanned): void {
  if (one.digests !== other.digests) throw new Error('other digests')
}

function seconds({ unknownMs }: Pick<Scanned, 'unknownMs'>): string {
  return `${(unknownMs / 1000).toFixed(1)} s`
}
