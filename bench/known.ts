/**
 * Inventory and known stage as whole processes against `hashdeep -c md5,sha1,sha256 -r`, on the same files in the same run;
 * resident memory by number of files; time to the first hit.
 *
 * `npm run bench -- known [pairs] [--cold] [--memory] [--flat] [--first-hit]`
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { madeCorpus } from './known-bare.ts'
import { peakOf } from './resident.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** Stated limits of this bench: at most this share of the peer's wall time, and this much more memory for ten times the files. */
const RATIO_LIMIT = 0.8
const MEMORY_LIMIT_MB = 50
/** Of 20,040 files and 1.3 GB: where starting and loading the list of a million are a sixth of the time, and where they are not. */
const CORPUS_TIMES = [1, 5]

export async function run(args: string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const pairs = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5)
    for (const times of CORPUS_TIMES) await againstHashdeep(scratch, pairs, times)
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

async function againstHashdeep(scratch: string, pairs: number, times: number): Promise<void> {
  const folder = join(scratch, `times-${times}`)
  mkdirSync(folder)
  const pair = corpusAndList(folder, times)
  warm(pair.corpus)
  console.log(`${(20_040 * times + pair.planted).toLocaleString('en')} files, ${(1.3 * times).toFixed(1)} GB`)
  const ratios: number[] = []
  for (let i = 1; i <= pairs; i++) ratios.push(await comparePair(folder, `pair ${i}`, pair))
  const median = [...ratios].sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!
  if (hasPeer())
    console.log(
      `median ratio ${median.toFixed(2)} (limit ${RATIO_LIMIT}, ${median <= RATIO_LIMIT ? 'met' : 'NOT met'})`,
    )
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

function corpusAndList(scratch: string, times = 1): Pair {
  // The small one is kept for the next run.
  const corpus = madeCorpus(times, times === 1 ? undefined : scratch)
  const planted = ['folder-3/sub-3', 'folder-50/sub-0', 'folder-90/sub-2'].map((folder, i) => {
    mkdirSync(join(corpus, folder), { recursive: true })
    const content = Buffer.from(`planted ${i}\n`)
    writeFileSync(join(corpus, folder, `planted-${i}.bin`), content)
    return createHash('sha256').update(content).digest('hex')
  })
  const list = join(scratch, 'million.txt')
  writeFileSync(
    list,
    `sha256\n${[...Array.from({ length: 1_000_000 }, (_, i) => digest(`record ${i}`)), ...planted].join('\n')}\n`,
  )
  return { corpus, list, planted: planted.length }
}

/** @returns our wall time as a share of the peer's */
async function comparePair(
  scratch: string,
  name: string,
  { corpus, list, planted }: Pair,
  before: () => void = () => {},
): Promise<number> {
  before()
  const ledger = join(scratch, 'ledger.sqlite')
  const ours = await scan(corpus, ledger, ['--hashset', `illegal:${list}`])
  // What the disk still has to write of it would be waited for by the next run.
  for (const file of [ledger, `${ledger}.custody.sqlite`]) rmSync(file)
  if (ours.hits !== planted) throw new Error(`${ours.hits} of ${planted} planted hits found`)
  before()
  const peerMs = hasPeer() ? timed('hashdeep', ['-c', 'md5,sha1,sha256', '-r', corpus]) : Number.NaN
  const ratio = ours.ms / peerMs
  console.log(
    `${name}: seized ${ours.ms.toFixed(0)} ms (4 digests, list of 1,000,003, 3 of 3 hits, ledger sealed), hashdeep ${hasPeer() ? `${peerMs.toFixed(0)} ms` : 'not installed'}, ratio ${ratio.toFixed(2)}`,
  )
  return ratio
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
  const child = spawn(
    process.execPath,
    [
      BIN,
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
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let text = ''
  let firstHitMs: number | null = null
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk
    if (firstHitMs === null && text.includes('"event":"hit"')) firstHitMs = performance.now() - startMs
  })
  const scan = new Promise<Scan>((resolve, reject) => {
    child.on('exit', (code) => {
      const last = text.trim().split('\n').at(-1) ?? ''
      if (!last.includes('"event":"summary"'))
        return reject(new Error(`the scan ended with ${code} and no summary`))
      resolve({ ms: performance.now() - startMs, hits: JSON.parse(last).hits, firstHitMs })
    })
  })
  return { pid: child.pid!, scan }
}

function timed(command: string, args: readonly string[]): number {
  const startMs = performance.now()
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'ignore'] })
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return performance.now() - startMs
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
