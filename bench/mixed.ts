/**
 * A mixed exhibit through the whole program: inventory, digests, every picture and video looked at, ledger sealed.
 *
 * Peers publish rates and cannot be run here: their figures stand beside ours, with the machine that they name.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import type { ProgressEvent } from '../src/contracts/progress.ts'
import { openLedger } from '../src/ledger/read/read.ts'
import { writeMixedExhibit } from './mixed-exhibit.ts'

/** Published by others, on their own machines and files; not measured here. */
const PUBLISHED = [
  {
    program: 'Semantics 21 Auto-Categoriser (published)',
    'files/s': '187.5',
    'GB/h': '–',
    what: '900,000 files in 80 minutes',
    machine: "a user's own, not stated",
  },
  {
    program: 'IPED, its fastest CPU model (published)',
    'files/s': '63',
    'GB/h': '–',
    what: 'pictures through the model; whether decoding is in it is not said',
    machine: 'Ryzen 3 5300, 4 cores',
  },
  {
    program: 'IPED, whole pipeline (published)',
    'files/s': '–',
    'GB/h': 'up to 400',
    what: 'its README, 2019',
    machine: 'not stated',
  },
]

export async function mixed(files: number): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'seized-bench-'))
  try {
    const root = join(scratch, 'exhibit')
    const drawingMs = performance.now()
    const made = await writeMixedExhibit(root, files)
    // What is still to be written to disk would slow the scan.
    execFileSync('sync')
    const drawn = (performance.now() - drawingMs) / 1000
    console.log(
      `Mixed exhibit: ${made.files} files of ${made.contents} distinct contents (the rest are exact copies), ${round(made.bytes / 1e6)} MB, made in ${round(drawn)} s. Shares are assumed; no faces are in it.`,
    )
    console.table(made.kinds)
    const ledger = join(scratch, 'case.sqlite')
    const { seconds, unknownSeconds, cpuSeconds } = await scan(root, ledger)
    const cores = availableParallelism()
    const looked = whatWasLooked(ledger)
    const perSecond = made.files / seconds
    console.log(
      `seized scan, all stages, four digests, ledger sealed: ${round(seconds)} s, of which looking ${round(unknownSeconds)} s; ${round(cpuSeconds)} s of CPU`,
    )
    console.log(
      `  looked at ${looked.contents} contents (thumbnails inside pictures among them), of which ${looked.calling} called for the slow explicitness model; ${looked.notDone} could not be looked at`,
    )
    console.log(`  ${inMinutes(made.files, seconds)}; ${atBest(made.files, cpuSeconds, cores)}`)
    console.table([
      {
        program: 'seized (this run)',
        'files/s': String(round(perSecond)),
        'GB/h': String(round((made.bytes / 1e9 / seconds) * 3600)),
        what: `${made.files} files as above, everything`,
        machine: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cores} cores`,
      },
      ...PUBLISHED,
    ])
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const ALL_FILES = 10_000

function inMinutes(files: number, seconds: number): string {
  return `10,000 files at this rate, start included: ${round(((seconds / files) * ALL_FILES) / 60)} minutes`
}

/** What other programs on the machine take away is not in it. */
function atBest(files: number, cpuSeconds: number, cores: number): string {
  const minutes = ((cpuSeconds / files) * ALL_FILES) / cores / 60
  return `with ${cores} cores to itself, by CPU time: ${round(minutes)} minutes`
}

interface ScanTime {
  readonly seconds: number
  readonly unknownSeconds: number
  /** Of all processes. */
  readonly cpuSeconds: number
}

async function scan(root: string, ledger: string): Promise<ScanTime> {
  const about = ['--case', 'bench', '--exhibit', 'bench', '--examiner', 'bench', '--ledger', ledger]
  const how = ['--allow-writable-mount', '--progress', 'json']
  const program = [join(PROGRAM_ROOT, 'bin/seized.js'), 'scan', root, ...about, ...how]
  // The shell's `times` counts the program with all children that it waited for; Node itself counts only its own.
  const script = '"$@"; code=$?; times >&2; exit $code'
  const startMs = performance.now()
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, ...program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let unknownAtMs = startMs
  let sealAtMs = startMs
  let rest = ''
  let said = ''
  let summary: ProgressEvent | null = null
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const event = JSON.parse(line) as ProgressEvent
      if (event.event === 'phase' && event.phase === 'unknown') unknownAtMs = performance.now()
      if (event.event === 'phase' && event.phase === 'seal') sealAtMs = performance.now()
      if (event.event === 'summary') summary = event
    }
  })
  await new Promise((resolve) => child.on('close', resolve))
  if (summary === null) throw new Error(`the scan ended without a summary: ${said.slice(0, 500)}`)
  const seconds = (performance.now() - startMs) / 1000
  return { seconds, unknownSeconds: (sealAtMs - unknownAtMs) / 1000, cpuSeconds: cpuSecondsOf(said) }
}

/** The last line that `times` prints is of the children: `1m2.345s 0m3.210s`. */
function cpuSecondsOf(said: string): number {
  const [user, system] = [...(said.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
    ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
  )
  return (user ?? Number.NaN) + (system ?? Number.NaN)
}

function whatWasLooked(path: string) {
  const ledger = openLedger(path)
  try {
    const seen = new Set<string>()
    let [calling, notDone] = [0, 0]
    for (const { content, stages, scores } of ledger.entries()) {
      if (!content || seen.has(content.digests.sha256)) continue
      seen.add(content.digests.sha256)
      if (scores.some(({ classifier }) => classifier === 'nsfwjs-inception-v3')) calling++
      if (stages['looked-at'].result === 'not-done') notDone++
    }
    return { contents: seen.size, calling, notDone }
  } finally {
    ledger.close()
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
