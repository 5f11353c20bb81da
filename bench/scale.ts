/**
 * How far one machine goes: files a second with 1 and 2 workers, and what every content and every megabyte costs the main process,
 * through which all of them pass. `npm run bench -- scale [small pictures] [large pictures]`.
 *
 * The main process is one core's work at most: from its milliseconds and a worker's follows how many workers it keeps busy.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import { CpuGroup } from './cpu-time.ts'
import { distinct } from './distinct.ts'
import { photograph } from './pictures.ts'
import { peakOf } from './resident.ts'

const DRAWN = 4
const TICKS_A_SECOND = 100
const SAMPLE_MS = 100
const CORES = [8, 16, 64]

interface Exhibit {
  readonly root: string
  readonly files: number
  readonly megabytes: number
}

interface Measured {
  readonly seconds: number
  /** Of the main process alone. */
  readonly mainSeconds: number
  /** Of all others. */
  readonly workSeconds: number
  readonly childMb: number
}

export async function run(args: readonly string[]): Promise<void> {
  if (!CpuGroup.possible) return console.log('Control groups of version 2 and root are needed: not measured.')
  const [small, large] = [Number(args[0] ?? 200), Number(args[1] ?? 40)]
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-scale-'))
  try {
    const none = await exhibit(scratch, 'none', 0, '1 MP')
    const pictures = await exhibit(scratch, 'small', small, '1 MP')
    const photos = await exhibit(scratch, 'large', large, '12 MP')
    for (const workers of [1, 2]) {
      const start = await measured(scratch, none, workers)
      const [ofSmall, ofLarge] = [
        await measured(scratch, pictures, workers),
        await measured(scratch, photos, workers),
      ]
      for (const [one, { files, megabytes }] of [
        [ofSmall, pictures],
        [ofLarge, photos],
      ] as const)
        console.log(
          `${workers} workers, ${files} pictures of ${(megabytes / files).toFixed(1)} MB: ${(files / one.seconds).toFixed(2)} files/s; main process ${perContent(one, start, files)} ms a content, others ${(((one.workSeconds - start.workSeconds) / files) * 1000).toFixed(0)} ms; a child of at most ${one.childMb.toFixed(0)} MB`,
        )
      if (workers === 1) estimate({ start, ofSmall, ofLarge, pictures, photos })
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

interface Pair {
  readonly start: Measured
  readonly ofSmall: Measured
  readonly ofLarge: Measured
  readonly pictures: Exhibit
  readonly photos: Exhibit
}

/** Two equations: main process = contents × a + megabytes × b. */
function estimate({ start, ofSmall, ofLarge, pictures, photos }: Pair): void {
  const [p, q] = [ofSmall, ofLarge].map((one) => (one.mainSeconds - start.mainSeconds) * 1000) as [
    number,
    number,
  ]
  const determinant = pictures.files * photos.megabytes - photos.files * pictures.megabytes
  const a = (p * photos.megabytes - q * pictures.megabytes) / determinant
  const b = (pictures.files * q - photos.files * p) / determinant
  console.log(`main process: ${a.toFixed(2)} ms a content and ${b.toFixed(2)} ms a MB`)
  for (const [one, { files, megabytes }] of [
    [ofSmall, pictures],
    [ofLarge, photos],
  ] as const) {
    const mainMs = a + (b * megabytes) / files
    const workMs = ((one.workSeconds - start.workSeconds) / files) * 1000
    const most = CORES.map((cores) => {
      const rate = Math.min(1000 / mainMs, (1000 * cores) / (workMs + mainMs))
      return `${cores} cores ${rate.toFixed(0)} files/s${rate < (1000 * cores) / (workMs + mainMs) ? ' (the main process is full)' : ''}`
    })
    console.log(
      `  ${(megabytes / files).toFixed(1)} MB a file: one main process keeps ${(workMs / mainMs).toFixed(0)} cores busy; by this arithmetic ${most.join(', ')}`,
    )
  }
}

function perContent(one: Measured, start: Measured, files: number): string {
  return (((one.mainSeconds - start.mainSeconds) / files) * 1000).toFixed(2)
}

async function exhibit(
  scratch: string,
  name: string,
  files: number,
  size: '1 MP' | '12 MP',
): Promise<Exhibit> {
  const root = join(scratch, name)
  mkdirSync(root)
  let bytes = 0
  const drawn = await Promise.all(
    Array.from({ length: files === 0 ? 0 : DRAWN }, (_, i) => photograph(size, i + 1)),
  )
  for (let i = 0; i < files; i++) {
    const file = distinct(drawn[i % DRAWN]!, 'image/jpeg', `${name} ${i}`)
    writeFileSync(join(root, `picture-${i}.jpg`), file)
    bytes += file.length
  }
  return { root, files, megabytes: bytes / 1e6 }
}

async function measured(scratch: string, { root }: Exhibit, workers: number): Promise<Measured> {
  const folder = mkdtempSync(join(scratch, 'run-'))
  const group = new CpuGroup('scale')
  const startMs = performance.now()
  const [command, words] = group.entering(process.execPath, [
    ...[join(PROGRAM_ROOT, 'bin/seized.js'), 'scan', root, '--ledger', join(folder, 'case.sqlite')],
    ...['--workers', String(workers), '--case', 'bench', '--exhibit', 'bench', '--examiner', 'bench'],
    '--allow-writable-mount',
  ])
  const child = spawn(command, words, { stdio: 'ignore' })
  const peak = peakOf(child.pid!)
  let mainSeconds = 0
  const watch = setInterval(() => {
    mainSeconds = ownSeconds(child.pid!) ?? mainSeconds
  }, SAMPLE_MS)
  const code = await new Promise((resolve) => child.on('exit', resolve))
  clearInterval(watch)
  const seconds = (performance.now() - startMs) / 1000
  const workSeconds = group.end() - mainSeconds
  if (code !== 0 && code !== 3 && code !== 10 && code !== 13) throw new Error(`the scan ended with ${code}`)
  rmSync(folder, { recursive: true })
  return { seconds, mainSeconds, workSeconds, childMb: peak().byName.get('child') ?? 0 }
}

/** Without its children. Fields 14 and 15 of proc_pid_stat(5). */
function ownSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  } catch {
    return null
  }
}
