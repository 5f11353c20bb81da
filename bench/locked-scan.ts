/**
 * What a lock costs a scan: CPU time of the scan of an ext4 volume inside LUKS and inside BitLocker (AES-XTS 128) beside that of the same
 * volume plain, in rounds that take turns in who goes first. The limit is 1.3, on 800 MB of files: what a run
 * pays once (a derivation of the key, a listing to unlock) is a larger share of a smaller volume. The key of BitLocker is a startup key. It needs mke2fs and qemu-img, and root for the count of CPU time.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockVolume } from '../fixtures/bitlocker.ts'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'

const FILES = 1600
const FILE_BYTES = 500_000
const IMAGE_MIB = 1024
const ROUNDS = 3
/** Metadata of BitLocker lies behind the file system. */
const FREE_MIB = 1
const MOST = 1.3
const PASSPHRASE = 'correct horse battery'
/** Nothing found on a list of nothing known, or findings. */
const ENDED = [0, 3, 10, 13]

const KINDS = ['plain', 'LUKS', 'BitLocker'] as const
type Kind = (typeof KINDS)[number]

/** @param args number of rounds */
export async function run([rounds = String(ROUNDS)]: string[]): Promise<void> {
  if (!CpuGroup.possible) return console.log('locked-scan: needs root and control groups')
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-locked-'))
  try {
    const images = madeIn(folder)
    const seconds: Readonly<Record<Kind, number[]>> = { plain: [], LUKS: [], BitLocker: [] }
    for (let round = 0; round < Number(rounds); round++)
      for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed())
        seconds[kind].push(scanned(folder, `${kind}-${round}`, images[kind]))
    console.table(
      Object.fromEntries(KINDS.map((kind) => [`${kind}, CPU s`, seconds[kind].map((one) => one.toFixed(2))])),
    )
    for (const kind of ['LUKS', 'BitLocker'] as const) {
      const ratios = seconds[kind].map((one, i) => one / seconds.plain[i]!).sort((a, b) => a - b)
      const median = ratios[Math.floor(ratios.length / 2)]!
      const of = ratios.map((one) => one.toFixed(2)).join(', ')
      console.log(
        `${kind} / plain ${of}; median ${median.toFixed(2)}, limit ${MOST}: ${median <= MOST ? 'holds' : 'MISSED'}`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Made {
  readonly image: string
  readonly keys: readonly string[]
}

function madeIn(folder: string): Readonly<Record<Kind, Made>> {
  const at = (name: string) => join(folder, name)
  const [tree, plain, luks, bitlocker] = [at('tree'), at('plain.img'), at('locked.luks'), at('bitlocker.img')]
  mkdirSync(tree)
  for (let i = 0; i < FILES; i++) writeFileSync(join(tree, `file-${i}.bin`), randomBytes(FILE_BYTES))
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', tree, plain, `${IMAGE_MIB - FREE_MIB}M`])
  truncateSync(plain, IMAGE_MIB << 20)
  rmSync(tree, { recursive: true })
  const secret = ['--object', `secret,id=s,data=${PASSPHRASE}`]
  const how = ['-f', 'raw', '-O', 'luks', ...secret, '-o', 'key-secret=s,iter-time=50']
  execFileSync('qemu-img', ['convert', ...how, plain, luks])
  const volume = readFileSync(plain)
  writeFileSync(at('key.BEK'), lockVolume(volume, {}).startupKey)
  writeFileSync(bitlocker, volume)
  const keyed = (name: string, secret: object): readonly string[] => {
    writeFileSync(at(name), JSON.stringify({ keys: 1, secrets: [secret] }), { mode: 0o600 })
    return ['--keys', at(name), '--basis', 'a bench']
  }
  return {
    plain: { image: plain, keys: [] },
    LUKS: { image: luks, keys: keyed('luks.json', { kind: 'password', secret: PASSPHRASE }) },
    BitLocker: { image: bitlocker, keys: keyed('bek.json', { kind: 'startup-key', file: at('key.BEK') }) },
  }
}

/** @returns CPU seconds of all processes */
function scanned(folder: string, name: string, { image, keys }: Made): number {
  const group = new CpuGroup(name)
  const who = ['--case', 'B', '--exhibit', 'B', '--examiner', 'B', '--ledger', join(folder, `${name}.sqlite`)]
  const how = ['--phases', 'inventory,known', '--workers', '2', '--progress', 'none']
  group.run(
    process.execPath,
    [join(PROGRAM_ROOT, 'bin/seized.js'), 'scan', image, ...who, ...how, ...keys],
    ENDED,
  )
  return group.end()
}
