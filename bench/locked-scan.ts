/**
 * What a lock costs a scan: CPU time of the scan of an ext4 volume inside LUKS beside that of the same volume plain, in pairs that
 * take turns in who goes first. The limit is 1.3. It needs mke2fs and qemu-img, and root for the count of CPU time.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'

const FILES = 400
const FILE_BYTES = 500_000
const IMAGE_MIB = 256
const PAIRS = 3
const MOST = 1.3
const PASSPHRASE = 'correct horse battery'
/** Nothing found on a list of nothing known, or findings. */
const ENDED = [0, 3, 10, 13]

/** @param args number of pairs */
export async function run([pairs = String(PAIRS)]: string[]): Promise<void> {
  if (!CpuGroup.possible) return console.log('locked-scan: needs root and control groups')
  const folder = mkdtempSync(join(tmpdir(), 'seized-bench-locked-'))
  try {
    const images = madeIn(folder)
    const seconds = { plain: [] as number[], locked: [] as number[] }
    for (let pair = 0; pair < Number(pairs); pair++)
      for (const which of pair % 2 === 0 ? (['plain', 'locked'] as const) : (['locked', 'plain'] as const))
        seconds[which].push(scanned(folder, `${which}-${pair}`, images[which]))
    const ratios = seconds.locked.map((one, i) => one / seconds.plain[i]!).sort((a, b) => a - b)
    const median = ratios[Math.floor(ratios.length / 2)]!
    console.table({
      'plain, CPU s': seconds.plain.map((one) => one.toFixed(2)),
      'inside LUKS, CPU s': seconds.locked.map((one) => one.toFixed(2)),
      ratio: ratios.map((one) => one.toFixed(2)),
    })
    console.log(`median ${median.toFixed(2)}, limit ${MOST}: ${median <= MOST ? 'holds' : 'MISSED'}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Made {
  readonly image: string
  readonly keys: readonly string[]
}

function madeIn(folder: string): Readonly<Record<'plain' | 'locked', Made>> {
  const [tree, plain, locked, keys] = ['tree', 'plain.img', 'locked.luks', 'keys.json'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string]
  mkdirSync(tree)
  for (let i = 0; i < FILES; i++) writeFileSync(join(tree, `file-${i}.bin`), randomBytes(FILE_BYTES))
  execFileSync('mke2fs', ['-q', '-t', 'ext4', '-d', tree, plain, `${IMAGE_MIB}M`])
  rmSync(tree, { recursive: true })
  const secret = ['--object', `secret,id=s,data=${PASSPHRASE}`]
  const how = ['-f', 'raw', '-O', 'luks', ...secret, '-o', 'key-secret=s,iter-time=50']
  execFileSync('qemu-img', ['convert', ...how, plain, locked])
  writeFileSync(keys, JSON.stringify({ keys: 1, secrets: [{ kind: 'password', secret: PASSPHRASE }] }))
  return {
    plain: { image: plain, keys: [] },
    locked: { image: locked, keys: ['--keys', keys, '--basis', 'a bench'] },
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
