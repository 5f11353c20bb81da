/**
 * Reports and exports of a ledger in which every content has a finding: time and peak memory of all processes, each beside plain
 * JSONL of the same ledger in the same run. `npm run bench -- report [contents …] [format …]`; default 5,000 and 100,000, all formats.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeReviewLedger } from '../fixtures/ledgers/review.ts'
import { peakOf } from './resident.ts'

/** The peer comes first, and again last: the machine may have slowed down meanwhile. */
const FORMATS = [
  ['jsonl', []],
  ['html', []],
  ['html', ['--edition', 'court']],
  ['pdf', []],
  ['vics', ['--scale', 'vics-us']],
  ['case', []],
  ['cac', []],
  ['dfxml', []],
  ['jsonl', []],
] as const

const BIN = ['../bin/seized.js', '../../bin/seized.js']
  .map((up) => fileURLToPath(new URL(up, import.meta.url)))
  .find(existsSync)!

export async function run(args: readonly string[]): Promise<void> {
  const folder = join(tmpdir(), 'seized-bench-report')
  mkdirSync(folder, { recursive: true })
  const sizes = args.filter((one) => /^\d+$/.test(one)).map(Number)
  const formats = args.filter((one) => !/^\d+$/.test(one))
  for (const contents of sizes.length === 0 ? [5_000, 100_000] : sizes) {
    const path = join(folder, `${contents}.sqlite`)
    if (!existsSync(path)) makeReviewLedger({ path, contents, stackOf: 4, seal: false, leadEvery: 1 })
    process.stdout.write(`${contents} contents, each with a finding\n`)
    for (const [format, more] of FORMATS)
      if (formats.length === 0 || formats.includes(format)) await measured(path, format, more)
  }
}

async function measured(path: string, format: string, more: readonly string[]): Promise<void> {
  // A folder of its own: a PDF stands in as many volumes as it has hundreds of pages.
  const folder = mkdtempSync(`${path}.out-`)
  const out = join(folder, 'report')
  const startMs = performance.now()
  const child = spawn(
    process.execPath,
    [BIN, 'report', path, '--format', format, ...more, '--out', out, '--heads', `${path}.heads`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const said: Buffer[] = []
  child.stderr.on('data', (piece: Buffer) => said.push(piece))
  const peak = peakOf(child.pid!)
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const seconds = (performance.now() - startMs) / 1000
  const { mb } = peak()
  const name = [format, ...more.filter((one) => one === 'court')].join(' ')
  const files = readdirSync(folder).map((file) => statSync(join(folder, file)).size)
  const size =
    status === 0
      ? `${(files.reduce((sum, one) => sum + one, 0) / 1e6).toFixed(1)} MB${files.length > 1 ? ` in ${files.length} volumes` : ''}`
      : Buffer.concat(said).toString().slice(0, 200)
  process.stdout.write(
    `  ${name.padEnd(11)} ${seconds.toFixed(1).padStart(6)} s  ${mb.toFixed(0).padStart(5)} MB of memory  ${size}\n`,
  )
  rmSync(folder, { recursive: true })
}
