/**
 * An image examined as one command against a mount of it and `hashdeep -c md5,sha1,sha256 -r`: CPU time of all processes, mount
 * helpers included, on the same files, pair by pair; entries listed; memory by number of entries; verification of the whole image
 * against ewfverify. CPU of the kernel's own threads (a loop device's) is on nobody's account. An E01 is mounted through ewfmount, which
 * is then a helper; beside it stands the mount of the raw image, as if somebody had exported it before for nothing.
 *
 * `npm run bench -- image [pairs] [ntfs|ext4] [--memory] [--only-memory] [--only-verify]`; needs root, for the mounts of the peer.
 */
import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'
import { madeCorpus } from './known-bare.ts'
import { peakOf } from './resident.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** Share of the peer's CPU time: what is aimed at, by how the image is stored, and what is the limit of both. */
const AIM = { raw: 0.5, e01: 0.65 } as const
const RATIO_LIMIT = 0.8
const MEMORY_LIMIT_MB = 60
const LISTED = 1_000_000

type FileSystemName = 'ntfs' | 'ext4'

const isKind = (arg: string) => arg === 'ntfs' || arg === 'ext4'

export async function run(args: string[]): Promise<void> {
  if (process.getuid?.() !== 0) return console.log('the peer is mounted, which needs root: not run')
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-image-'))
  try {
    const kinds = (['ntfs', 'ext4'] as const).filter((kind) => !args.some(isKind) || args.includes(kind))
    const pairs = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 3)
    if (!args.includes('--only-memory')) {
      const corpus = madeCorpus()
      const list = listOfAMillion(scratch)
      for (const kind of kinds) {
        const [raw, e01] = kept(kind, scratch, corpus)
        if (!args.includes('--only-verify')) {
          comparePairs(scratch, kind, 'raw', raw, raw, list, pairs)
          comparePairs(scratch, kind, 'e01', e01, raw, list, pairs)
        }
        verification(e01, pairs)
      }
    }
    if (args.includes('--memory') || args.includes('--only-memory')) await memory(scratch, kinds)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** Made once, and kept for the next run. */
function kept(kind: FileSystemName, scratch: string, corpus: string): readonly [string, string] {
  const folder = join(tmpdir(), 'seized-image-corpus')
  mkdirSync(folder, { recursive: true })
  const [raw, e01] = [join(folder, `${kind}.raw`), join(folder, `${kind}.E01`)]
  if (!existsSync(raw)) make(`${raw}.part`, scratch, kind, corpus)
  if (existsSync(`${raw}.part`)) renameSync(`${raw}.part`, raw)
  if (!existsSync(e01)) acquire(raw, e01)
  return [raw, e01]
}

function make(image: string, scratch: string, kind: FileSystemName, corpus: string): void {
  execFileSync('truncate', ['-s', '1600M', image])
  if (kind === 'ext4') {
    execFileSync('mkfs.ext4', ['-q', '-F', '-m', '0', '-N', '40000', '-d', corpus, image])
    return
  }
  onNtfs(image, scratch, (mount) => execFileSync('cp', ['-r', corpus, mount]))
}

function acquire(raw: string, e01: string): void {
  const who = ['-C', 'b', '-D', 'b', '-E', 'b', '-e', 'b', '-N', 'b']
  const how = ['-u', '-q', '-f', 'encase6', '-c', 'fast', '-S', '4GiB', '-d', 'sha1']
  execFileSync('ewfacquire', [...how, ...who, '-t', `${e01}.part`, raw])
  renameSync(`${e01}.part.E01`, e01)
}

function listOfAMillion(scratch: string): string {
  const list = join(scratch, 'million.txt')
  const digest = (n: number) => createHash('sha256').update(`record ${n}`).digest('hex')
  writeFileSync(list, `sha256\n${Array.from({ length: LISTED }, (_, n) => digest(n)).join('\n')}\n`)
  return list
}

function comparePairs(
  scratch: string,
  kind: FileSystemName,
  storage: keyof typeof AIM,
  image: string,
  raw: string,
  list: string,
  pairs: number,
): void {
  const ratios: number[] = []
  for (let i = 1; i <= pairs; i++) {
    const ours = scanned(scratch, image, ['--hashset', `illegal:${list}`])
    const peer = hashedOnMount(scratch, kind, image)
    ratios.push(ours.seconds / peer)
    const exported = image === raw ? '' : besideExported(ours.seconds, hashedOnMount(scratch, kind, raw))
    console.log(
      `${kind} ${storage}, pair ${i}: seized ${ours.seconds.toFixed(2)} s of CPU (${ours.entries} entries, 4 digests, list of a million, ledger sealed), mount and hashdeep ${peer.toFixed(2)} s, ratio ${(ours.seconds / peer).toFixed(2)}${exported}`,
    )
  }
  const listed = scanned(scratch, image, ['--phases', 'inventory'])
  const median = [...ratios].sort((a, b) => a - b)[Math.floor(ratios.length / 2)]!
  const judged =
    median <= AIM[storage] ? 'aim met' : median <= RATIO_LIMIT ? 'limit met, aim not' : 'limit NOT met'
  console.log(
    `${kind} ${storage}: median ratio ${median.toFixed(2)} (aim ${AIM[storage]}, limit ${RATIO_LIMIT}: ${judged}); inventory alone ${listed.seconds.toFixed(2)} s of CPU, ${Math.round(listed.entries / listed.seconds)} entries a second`,
  )
}

/** @returns seconds of CPU, and how many entries stand in the sealed ledger */
function scanned(
  scratch: string,
  image: string,
  more: readonly string[],
): { readonly seconds: number; readonly entries: number } {
  const ledger = join(scratch, 'ledger.sqlite')
  const group = new CpuGroup('scan')
  const out = group.run(process.execPath, scanArgs(image, ledger, more), [0, 3, 10, 13])
  for (const file of [ledger, `${ledger}.custody.sqlite`]) rmSync(file, { force: true })
  return { seconds: group.end(), entries: JSON.parse(out.trim().split('\n').at(-1)!).entries }
}

function scanArgs(image: string, ledger: string, more: readonly string[]): string[] {
  const who = ['--case', 'b', '--exhibit', 'b', '--examiner', 'b', '--ledger', ledger]
  const how = more.includes('--phases') ? [] : ['--phases', 'inventory,known']
  return [BIN, 'scan', image, ...who, ...how, '--no-open', '--progress', 'json', ...more]
}

const besideExported = (ours: number, peer: number) =>
  `; mount of the raw image and hashdeep ${peer.toFixed(2)} s, ratio ${(ours / peer).toFixed(2)}`

/** @returns seconds of CPU of hashdeep and of what serves the mount, ewfmount for an E01 among it */
function hashedOnMount(scratch: string, kind: FileSystemName, image: string): number {
  const group = new CpuGroup('peer')
  const [mount, acquired] = ['mounted', 'acquired'].map((name) => join(scratch, name)) as [string, string]
  for (const folder of [mount, acquired]) mkdirSync(folder, { recursive: true })
  const isAcquired = image.endsWith('.E01')
  if (isAcquired) group.run('ewfmount', [image, acquired])
  const medium = isAcquired ? join(acquired, 'ewf1') : image
  try {
    if (kind === 'ntfs') group.run('ntfs-3g', ['-o', 'ro', medium, mount])
    else group.run('mount', ['-o', 'ro,loop,noload', medium, mount])
    try {
      group.run('hashdeep', ['-c', 'md5,sha1,sha256', '-r', mount])
    } finally {
      group.run('umount', [mount])
    }
  } finally {
    if (isAcquired) group.run('umount', [acquired])
  }
  return group.end()
}

function verification(e01: string, pairs: number): void {
  const ratios: number[] = []
  for (let i = 1; i <= pairs; i++) {
    const ours = new CpuGroup('verify')
    ours.run(process.execPath, [BIN, 'image', e01, '--verify'], [0, 3])
    const peer = new CpuGroup('ewfverify')
    peer.run('ewfverify', ['-q', '-d', 'sha1', e01])
    const [a, b] = [ours.end(), peer.end()]
    ratios.push(a / b)
    console.log(
      `whole image, pair ${i}: seized image --verify ${a.toFixed(2)} s of CPU, ewfverify ${b.toFixed(2)} s, ratio ${(a / b).toFixed(2)}`,
    )
  }
}

/** Images of files without content, of each file system two: names are what costs. */
async function memory(scratch: string, kinds: readonly FileSystemName[]): Promise<void> {
  for (const kind of kinds) {
    const peaks: number[] = []
    for (const files of [100_000, LISTED]) {
      const image = join(scratch, `names-${files}.raw`)
      if (kind === 'ext4') makeNamesOnExt(image, scratch, files)
      else makeNamesOnNtfs(image, scratch, files)
      const ledger = join(scratch, `${kind}-${files}.sqlite`)
      const child = spawn(process.execPath, scanArgs(image, ledger, []), { stdio: 'ignore' })
      const peak = peakOf(child.pid!)
      await new Promise((resolve) => child.on('exit', resolve))
      const { mb, byName } = peak()
      peaks.push(mb)
      const names = [...byName].map(([name, mb]) => `${name} ${mb.toFixed(0)}`)
      console.log(
        `${kind}, ${files} entries: at most ${mb.toFixed(0)} MB resident in all processes (${names.join(', ')})`,
      )
      rmSync(image)
    }
    const grown = peaks[1]! - peaks[0]!
    console.log(
      `${kind}: grown by ${grown.toFixed(0)} MB (limit ${MEMORY_LIMIT_MB} MB, ${grown <= MEMORY_LIMIT_MB ? 'met' : 'NOT met'})`,
    )
  }
}

function fillWithNames(folder: string, files: number): void {
  for (let i = 0; i < files; i++) {
    if (i % 1000 === 0) mkdirSync(join(folder, `d${i / 1000}`), { recursive: true })
    writeFileSync(join(folder, `d${Math.floor(i / 1000)}`, `f${i}`), '')
  }
}

function makeNamesOnExt(image: string, scratch: string, files: number): void {
  const folder = join(scratch, `names-${files}`)
  fillWithNames(folder, files)
  execFileSync('truncate', ['-s', `${Math.ceil(files / 1000)}M`, image])
  const how = ['-q', '-F', '-m', '0', '-N', String(files + 5000), '-O', '^has_journal']
  execFileSync('mkfs.ext4', [...how, '-d', folder, image])
  rmSync(folder, { recursive: true })
}

function makeNamesOnNtfs(image: string, scratch: string, files: number): void {
  execFileSync('truncate', ['-s', `${Math.ceil(files / 400)}M`, image])
  onNtfs(image, scratch, (mount) => fillWithNames(mount, files))
}

function onNtfs(image: string, scratch: string, fill: (mount: string) => void): void {
  execFileSync('mkfs.ntfs', ['-q', '-f', '-F', image], { stdio: 'ignore' })
  const mount = join(scratch, 'filling')
  mkdirSync(mount, { recursive: true })
  execFileSync('ntfs-3g', [image, mount])
  try {
    fill(mount)
  } finally {
    execFileSync('umount', [mount])
  }
}
