/**
 * Damaged images by the hundred, each listed and read in a child that has a limit: bit flips, numbers, circles, sectors, cuts, where a
 * reader looks. Prints a row a file system and a container; ends with 1 when one hangs, crashes, or does not add up.
 *
 * `node dist/scripts/soak/mutants.js [NAME …] [--each 500] [--runs 5]`: `--runs` also examines so many of each with the program itself,
 * which must end with an exit code of a run and a ledger that verifies. As root, for the mounts that samples are made with.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { MUTANT_SAMPLES, type MutantSample } from './mutant-samples.ts'
import type { MutantLine } from './mutants-child.ts'

/** Of one mutant, in seconds of CPU: a whole listing takes a hundredth of it. */
const CPU_LIMIT_S = 20
const CHILD = fileURLToPath(new URL('mutants-child.js', import.meta.url))
/** Of the entries that the image has without damage. */
const FEW = 0.5

const words = process.argv.slice(2)
const each = Number(words[words.indexOf('--each') + 1] ?? 500) || 500
const runs = words.includes('--runs') ? Number(words[words.indexOf('--runs') + 1]) : 0
const names = words.filter((word, i) => !word.startsWith('--') && !words[i - 1]?.startsWith('--'))
let wrong = 0

const scratch = mkdtempSync(join(tmpdir(), 'seized-mutants-'))
try {
  for (const sample of MUTANT_SAMPLES)
    if (names.length === 0 || names.includes(sample.name)) await row(sample)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
process.exitCode = wrong > 0 ? 1 : 0

async function row({ name, kind, make }: MutantSample): Promise<void> {
  const segments = make(scratch)
  const lines: MutantLine[] = []
  const broken: string[] = []
  for (let from = -1; from < each; ) {
    const ended = await run(segments, from, each, (line) => lines.push(line))
    from = (lines.at(-1)?.number ?? -2) + 1
    if (ended === null) continue
    broken.push(`${from}: ${ended}`)
    lines.push({ number: from++, how: 'broken', entries: 0, contents: 0, wrong: [ended], cpuMs: 0 })
  }
  throughProgram(name, segments)
  const [whole, ...mutants] = lines
  const refused = mutants.filter(({ entries }) => entries === null).length
  const few = mutants.filter(({ entries }) => entries !== null && entries < (whole?.entries ?? 0) * FEW)
  const bad = lines.filter((line) => line.wrong.length > 0)
  wrong += bad.length
  const slowest = Math.max(...mutants.map(({ cpuMs }) => cpuMs))
  console.log(
    `${name} (${kind}): ${mutants.length} mutants of ${whole?.entries} entries; refused ${refused}; with fewer than half of the entries ${few.length} (${few.filter(({ how }) => how.startsWith('cut')).length} of them cut); slowest ${slowest} ms of CPU; hung or crashed ${broken.length}; wrong ${bad.length}`,
  )
  for (const { number, how, wrong: what } of bad.slice(0, 10))
    console.log(`   mutant ${number} (${how}): ${what.slice(0, 2).join('; ').slice(0, 600)}`)
  const lost = few.filter(({ how }) => !how.startsWith('cut'))
  if (lost.length > 0)
    console.log(
      `   few: ${lost
        .map(({ number, how, entries }) => `${number} ${how} ${entries}`)
        .slice(0, 40)
        .join(', ')}`,
    )
}

/** The program itself over damaged copies: never a bug, and what it wrote verifies. */
function throughProgram(name: string, segments: readonly string[]): void {
  const folder = mkdtempSync(join(scratch, 'runs-'))
  const exits: (number | null)[] = []
  for (let number = 0; number < runs; number++) {
    const copies = segments.map((path) => join(folder, basename(path)))
    spawnSync(process.execPath, [CHILD, JSON.stringify({ segments, from: number, to: number + 1, copies })])
    const ledger = join(folder, `${number}.sqlite`)
    const scan = seized(
      'scan',
      copies[0]!,
      '--case',
      'C',
      '--exhibit',
      'E',
      '--examiner',
      'X',
      '--ledger',
      ledger,
      '--phases',
      'inventory,known',
    )
    exits.push(scan.status)
    const verified = scan.status === 2 ? 0 : seized('verify', ledger).status
    if (![0, 2, 3, 10, 13].includes(scan.status ?? -1) || verified !== 0) {
      wrong++
      console.log(`   run ${number}: exit ${scan.status}, verify ${verified}: ${scan.stderr.slice(-400)}`)
    }
  }
  if (runs > 0) console.log(`   ${name}, the program itself: exit codes ${exits.join(' ')}`)
}

function seized(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(PROGRAM_ROOT, 'bin/seized.js'), ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  })
}

/** @returns null when it went through; else how it ended */
function run(
  segments: readonly string[],
  from: number,
  to: number,
  said: (line: MutantLine) => void,
): Promise<string | null> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify({ segments, from, to })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let since = 0
  let hung = false
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text).slice(-500)
  })
  const timer = setInterval(() => {
    const now = cpuSeconds(child.pid ?? 0)
    if (now !== null && now - since > CPU_LIMIT_S) {
      hung = true
      child.kill('SIGKILL')
    }
  }, 1000)
  createInterface({ input: child.stdout }).on('line', (text) => {
    since = cpuSeconds(child.pid ?? 0) ?? since
    said(JSON.parse(text) as MutantLine)
  })
  return new Promise((resolve) =>
    child.on('close', (code, signal) => {
      clearInterval(timer)
      resolve(
        hung ? `over ${CPU_LIMIT_S} s of CPU` : code === 0 ? null : `ended with ${code ?? signal}: ${errors}`,
      )
    }),
  )
}

/** Null: it has ended. */
function cpuSeconds(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch (error) {
    if (
      (error as NodeJS.ErrnoException).code === 'ENOENT' ||
      (error as NodeJS.ErrnoException).code === 'ESRCH'
    )
      return null
    throw error
  }
}
