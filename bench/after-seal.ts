/**
 * After the seal: the verbs that read a ledger of many entries, each as its own process: seconds of CPU of its process tree, its peak
 * memory, and how soon it first says something. `npm run bench -- after-seal [entries …]`, a million without a number.
 *
 * The first `summary` comes twice: without memory of an earlier verification, and with it. Each round has its own state folder.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'
import { makeNamesLedger } from './names-ledger.ts'
import { peakOf } from './resident.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
/** Exit codes of a summary, and of a search that found nothing. */
const FINE = [0, 3, 10, 13]

export async function run(args: readonly string[]): Promise<void> {
  if (!CpuGroup.possible) return console.log('Control groups of version 2 and root are needed: not measured.')
  const folder = join(tmpdir(), 'seized-bench-after-seal')
  mkdirSync(folder, { recursive: true })
  const sizes = args.filter((one) => /^\d+$/.test(one)).map(Number)
  const only = args.filter((one) => !/^\d+$/.test(one))
  for (const entries of sizes.length === 0 ? [1_000_000] : sizes) {
    const path = join(folder, `${entries}.sqlite`)
    if (!existsSync(path)) made(path, entries)
    console.log(`${entries} entries, ledger of ${(statSync(path).size / 1e6).toFixed(0)} MB`)
    const state = mkdtempSync(join(folder, 'state-'))
    const report = join(state, 'report.html')
    const steps: readonly (readonly [string, readonly string[]])[] = [
      ['summary, not verified before', ['summary', path]],
      ['summary, verified before', ['summary', path]],
      ['search name', ['search', path, 'img_4711']],
      ['search name and type', ['search', path, 'name:*76.jpg type:image']],
      ['search attribute', ['search', path, 'attr:"camera: Example 3"']],
      ['report html, first', ['report', path, '--format', 'html', '--out', report, '--overwrite']],
      ['report html, verified before', ['report', path, '--format', 'html', '--out', report, '--overwrite']],
      ['timeline', ['timeline', path, '--format', 'html', '--out', join(state, 'timeline.html')]],
      ['verify', ['verify', path]],
    ]
    for (const [what, words] of steps)
      if (only.length === 0 || only.some((one) => what.includes(one))) await measured(what, words, state)
    rmSync(state, { recursive: true })
  }
}

/** The ledger, and the custody log that says so, as a run that was killed just after its seal is finished. */
function made(path: string, entries: number): void {
  makeNamesLedger(path, entries, true)
  spawnSync(process.execPath, [BIN, 'resume', path, '--progress', 'none'], { stdio: 'ignore' })
}

let runs = 0

async function measured(what: string, words: readonly string[], state: string): Promise<void> {
  const group = new CpuGroup(`after-seal-${runs++}`)
  const [command, args] = group.entering(process.execPath, [BIN, ...words])
  const startMs = performance.now()
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: state },
  })
  const peak = peakOf(child.pid!)
  let firstMs: number | null = null
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => {
      firstMs ??= performance.now() - startMs
      said = (said + piece).slice(-300)
    })
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  const cpu = group.end()
  console.log(
    `  ${what.padEnd(30)} ${cpu.toFixed(1).padStart(6)} s of CPU  ${peak().mb.toFixed(0).padStart(5)} MB  first word after ${((firstMs ?? 0) / 1000).toFixed(1)} s${status !== null && FINE.includes(status) ? '' : `  ended with ${status}: ${said}`}`,
  )
}
