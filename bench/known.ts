/**
 * Inventory and known stage as whole processes against `hashdeep -c md5,sha1,sha256 -r`, on the same files in the same run: wall and
 * CPU time of all processes, one pair after the other; what a file and what a megabyte cost apart; resident memory by number of
 * files; time to the first hit.
 *
 * `npm run bench -- known [pairs] [--cold] [--memory] [--flat] [--first-hit]`; CPU times need root (control groups).
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'
import { madeCorpus, SMALL_FILES, smallCorpus } from './known-bare.ts'
import { peakOf } from './resident.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** Stated limits of this bench: at most this share of the peer's wall time, and this much more memory for ten times the files. */
const RATIO_LIMIT = 0.8
const MEMORY_LIMIT_MB = 50
/** Of 20,040 files and 1.3 GB: where starting and loading the list of a million are a sixth of the time, and where they are not. */
const CORPUS_TIMES = [1, 5]
const CORPUS_FILES = 20_040
const CORPUS_BYTES = 1.3e9

export async function run(args: string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const pairs = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5)
    const mixed: Medians[] = []
    for (const times of CORPUS_TIMES) mixed.push(await againstHashdeep(scratch, pairs, times))
    const small = await againstHashdeep(scratch, pairs, 'small')
    await costsApart(scratch, pairs, mixed[0]!, small)
    if (args.includes('--cold')) await coldAndFuse(scratch)
    if (args.includes('--first-hit') || args.length === 0) await firstHit(scratch)
    if (args.includes('--memory')) await memory(scratch, false)
    if (args.includes('--flat')) await memory(scratch, true)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface Pair {
  readonly corpus: string
  readonly list: string
  readonly planted: number
}

interface Times {
  readonly wallMs: number
  /** Of all processes; null where no control group can be made. */
  readonly cpuMs: number | null
}

interface Compared {
  readonly ours: Times
  readonly peer: Times | null
}

interface Medians {
  readonly ours: Times
  readonly files: number
  readonly bytes: number
}

async function againstHashdeep(scratch: string, pairs: number, which: number | 'small'): Promise<Medians> {
  const folder = join(scratch, `corpus-${which}`)
  mkdirSync(folder)
  const pair = corpusAndList(folder, which)
  warm(pair.corpus)
  const [files, bytes] =
    which === 'small' ? [SMALL_FILES, CORPUS_BYTES] : [CORPUS_FILES * which, CORPUS_BYTES * which]
  const kind = which === 'small' ? ', sizes exponential around 32 kB' : ''
  console.log(`${(files + pair.planted).toLocaleString('en')} files, ${(bytes / 1e9).toFixed(1)} GB${kind}`)
  const all: Compared[] = []
  for (let i = 1; i <= pairs; i++) all.push(await comparePair(folder, `pair ${i}`, pair))
  const ours = {
    wallMs: median(all.map((one) => one.ours.wallMs)),
    cpuMs: CpuGroup.possible ? median(all.map((one) => one.ours.cpuMs!)) : null,
  }
  console.log(
    `  ${((ours.wallMs * 1000) / files).toFixed(0)} µs a file and ${(bytes / 1000 / ours.wallMs).toFixed(0)} MB/s of wall time, start and seal in both`,
  )
  if (hasPeer()) {
    const walls = all.map((one) => one.ours.wallMs / one.peer!.wallMs)
    const met = median(walls) <= RATIO_LIMIT ? 'met' : 'NOT met'
    console.log(`  wall ${range(walls)} of hashdeep's (limit ${RATIO_LIMIT}, ${met})`)
    if (CpuGroup.possible)
      console.log(`  CPU ${range(all.map((one) => one.ours.cpuMs! / one.peer!.cpuMs!))} of hashdeep's`)
    console.log(`  load of the machine ${loadavg()[0]!.toFixed(1)}, ${cpus().length} cores`)
  }
  return { ours, files, bytes }
}

/** Start, file and megabyte: three measurements for three unknowns. */
async function costsApart(scratch: string, pairs: number, mixed: Medians, small: Medians): Promise<void> {
  if (mixed.ours.cpuMs === null || small.ours.cpuMs === null)
    return console.log('what a file and what a megabyte cost apart: needs CPU times, not run')
  const folder = join(scratch, 'nothing')
  mkdirSync(join(folder, 'exhibit'), { recursive: true })
  const { list } = corpusAndList(join(folder, 'exhibit'), null)
  const starts: number[] = []
  for (let i = 0; i < pairs; i++) {
    const ledger = join(folder, 'ledger.sqlite')
    starts.push((await scan(join(folder, 'exhibit'), ledger, ['--hashset', `illegal:${list}`])).cpuMs!)
    removeLedger(ledger)
  }
  const start = median(starts)
  const [a, b] = [mixed.ours.cpuMs - start, small.ours.cpuMs - start]
  const determinant = mixed.files * small.bytes - small.files * mixed.bytes
  const file = (a * small.bytes - b * mixed.bytes) / determinant
  const byte = (mixed.files * b - small.files * a) / determinant
  console.log(
    `CPU apart: ${start.toFixed(0)} ms to start with a list of a million, ${(file * 1000).toFixed(0)} µs a file, and ${(1 / byte / 1000).toFixed(0)} MB/s and core`,
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function range(values: readonly number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`
}

function removeLedger(ledger: string): void {
  // What the disk still has to write of it would be waited for by the next run.
  for (const file of [ledger, `${ledger}.custody.sqlite`]) rmSync(file)
}

/** Once with nothing in the page cache, once through a FUSE mount: reported, not judged. */
async function coldAndFuse(scratch: string): Promise<void> {
  if (process.getuid?.() !== 0) return console.log('cold cache and FUSE: need root, not run')
  const pair = corpusAndList(scratch)
  await comparePair(scratch, 'cold cache', pair, dropCaches)
  const image = join(scratch, 'corpus.ext4')
  const mount = join(scratch, 'fuse')
  mkdirSync(mount)
  execFileSync('truncate', ['-s', '2G', image])
  execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-d', pair.corpus, image])
  execFileSync('fuse2fs', ['-o', 'ro', image, mount])
  try {
    await comparePair(scratch, 'FUSE mount (fuse2fs)', { ...pair, corpus: mount })
  } finally {
    spawnSync('umount', [mount])
  }
}

/** Everything written, and every file in the page cache: neither program waits for the disk, nor for our own making. */
function warm(corpus: string): void {
  execFileSync('sync')
  execFileSync('find', [corpus, '-type', 'f', '-exec', 'cat', '{}', '+'], { stdio: 'ignore' })
}

function dropCaches(): void {
  execFileSync('sync')
  writeFileSync('/proc/sys/vm/drop_caches', '3')
}

/** @param which times of the mixed corpus, the one of small files, or null: what is planted alone */
function corpusAndList(scratch: string, which: number | 'small' | null = 1): Pair {
  // The small ones are kept for the next run.
  const corpus =
    which === null
      ? scratch
      : which === 'small'
        ? smallCorpus()
        : madeCorpus(which, which === 1 ? undefined : scratch)
  const planted = ['folder-3/sub-3', 'folder-50/sub-0', 'folder-90/sub-2'].map((folder, i) => {
    mkdirSync(join(corpus, folder), { recursive: true })
    const content = Buffer.from(`planted ${i}\n`)
    writeFileSync(join(corpus, folder, `planted-${i}.bin`), content)
    return createHash('sha256').update(content).digest('hex')
  })
  const list = join(which === null ? dirname(scratch) : scratch, 'million.txt')
  writeFileSync(
    list,
    `sha256\n${[...Array.from({ length: 1_000_000 }, (_, i) => digest(`record ${i}`)), ...planted].join('\n')}\n`,
  )
  return { corpus, list, planted: planted.length }
}

async function comparePair(
  scratch: string,
  name: string,
  { corpus, list, planted }: Pair,
  before: () => void = () => {},
): Promise<Compared> {
  before()
  const ledger = join(scratch, 'ledger.sqlite')
  const { hits, ms, cpuMs } = await scan(corpus, ledger, ['--hashset', `illegal:${list}`])
  removeLedger(ledger)
  if (hits !== planted) throw new Error(`${hits} of ${planted} planted hits found`)
  before()
  const peer = hasPeer() ? timed('hashdeep', ['-c', 'md5,sha1,sha256', '-r', corpus]) : null
  const ours = { wallMs: ms, cpuMs }
  console.log(
    `  ${name}: seized ${shown(ours)} (4 digests, list of 1,000,003, 3 of 3 hits, ledger sealed), hashdeep ${peer ? shown(peer) : 'not installed'}`,
  )
  return { ours, peer }
}

function shown({ wallMs, cpuMs }: Times): string {
  return cpuMs === null ? `${wallMs.toFixed(0)} ms` : `${wallMs.toFixed(0)} ms, CPU ${cpuMs.toFixed(0)}`
}

function hasPeer(): boolean {
  return spawnSync('hashdeep', ['-V']).error === undefined
}

async function memory(scratch: string, flat: boolean): Promise<void> {
  const peaks: number[] = []
  for (const files of [100_000, 1_000_000]) {
    const folder = join(scratch, `tiny-${files}`)
    for (let i = 0; i < files; i++) {
      const into = flat ? folder : join(folder, `d${Math.floor(i / 1000)}`)
      if (i % 1000 === 0) mkdirSync(into, { recursive: true })
      writeFileSync(join(into, `f${i}`), i % 2 ? `${i}` : '')
    }
    const started = start(folder, join(scratch, `tiny-${files}.sqlite`), [])
    const peak = peakOf(started.pid)
    const { ms } = await started.scan
    peaks.push(peak().mb)
    console.log(
      `${files} files, ${flat ? 'in one folder' : '1,000 a folder'}: at most ${peak().mb.toFixed(0)} MB resident in all processes, ${(ms / 1000).toFixed(1)} s`,
    )
    rmSync(folder, { recursive: true })
  }
  const grown = peaks[1]! - peaks[0]!
  console.log(
    `grown by ${grown.toFixed(0)} MB (limit ${MEMORY_LIMIT_MB} MB, ${grown <= MEMORY_LIMIT_MB ? 'met' : 'NOT met'})`,
  )
}

async function firstHit(scratch: string): Promise<void> {
  const folder = join(scratch, 'first-hit')
  for (let i = 0; i < 100_000; i++) {
    if (i % 1000 === 0) mkdirSync(join(folder, 'Windows', `d${i / 1000}`), { recursive: true })
    writeFileSync(join(folder, 'Windows', `d${Math.floor(i / 1000)}`, `f${i}.dat`), `${i}`)
  }
  mkdirSync(join(folder, 'DCIM'))
  writeFileSync(join(folder, 'DCIM/IMG_0001.JPG'), 'planted')
  const list = join(scratch, 'one.txt')
  writeFileSync(list, `sha256\n${digest('planted')}\n`)
  const { firstHitMs, ms } = await scan(folder, join(scratch, 'first-hit.sqlite'), [
    '--hashset',
    `illegal:${list}`,
  ])
  console.log(
    `first hit of 100,001 files (in DCIM): ${firstHitMs?.toFixed(0) ?? 'none'} ms after the start, of ${ms.toFixed(0)} ms in all`,
  )
  rmSync(folder, { recursive: true })
}

interface Scan {
  readonly ms: number
  readonly cpuMs: number | null
  readonly hits: number
  readonly firstHitMs: number | null
}

function scan(folder: string, ledger: string, more: readonly string[]): Promise<Scan> {
  return start(folder, ledger, more).scan
}

function start(
  folder: string,
  ledger: string,
  more: readonly string[],
): { pid: number; scan: Promise<Scan> } {
  const startMs = performance.now()
  const group = CpuGroup.possible ? new CpuGroup(`scan-${scans++}`) : null
  const words = [
    'scan',
    folder,
    '--case',
    'bench',
    '--exhibit',
    'bench',
    '--examiner',
    'bench',
    '--ledger',
    ledger,
    ...more,
    '--stages',
    'inventory,known',
    '--no-open',
    '--allow-writable-mount',
    '--progress',
    'json',
  ]
  const [command, args] = group?.entering(BIN, words) ?? [BIN, words]
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  let firstHitMs: number | null = null
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk
    if (firstHitMs === null && text.includes('"event":"hit"')) firstHitMs = performance.now() - startMs
  })
  const scan = new Promise<Scan>((resolve, reject) => {
    child.on('exit', (code) => {
      const endMs = performance.now()
      const cpuMs = group && group.end() * 1000
      const last = text.trim().split('\n').at(-1) ?? ''
      if (!last.includes('"event":"summary"'))
        return reject(new Error(`the scan ended with ${code} and no summary`))
      resolve({ ms: endMs - startMs, cpuMs, hits: JSON.parse(last).hits, firstHitMs })
    })
  })
  return { pid: child.pid!, scan }
}

let scans = 0

function timed(command: string, words: readonly string[]): Times {
  const group = CpuGroup.possible ? new CpuGroup('peer') : null
  const [shell, args] = group?.entering(command, words) ?? [command, words]
  const startMs = performance.now()
  const { status } = spawnSync(shell, args, { stdio: ['ignore', 'ignore', 'ignore'] })
  const wallMs = performance.now() - startMs
  const cpuMs = group && group.end() * 1000
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return { wallMs, cpuMs }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
