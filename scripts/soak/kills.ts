/**
 * Runs that are disturbed at random, and gone on with: `npm run soak -- [N] [--seed S]`. Each process of a run is killed or stopped,
 * descriptors, memory and room on the disk run out, on a folder and on an image. Every run must come to the digests of an
 * undisturbed one, verify, and leave no process. Prints a table and `N passed, N failed`. As root, for the small disk.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { seeded } from '../../fixtures/pictures.ts'
import { PROGRAM_ROOT } from '../../src/base/version.ts'
import { descendantsOf, isAlive, type Seen } from './processes.ts'
import { makeSoakExhibit } from './soak-exhibit.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')
const OPERATIONS = ['look', 'open', 'text'] as const
const KINDS = ['main', 'list', 'read', ...OPERATIONS] as const
type Kind = (typeof KINDS)[number]
type Disturbance = 'killed' | 'stopped' | 'descriptors' | 'memory' | 'disk'

interface Trial {
  readonly exhibit: 'folder' | 'image'
  readonly disturbance: Disturbance
  readonly of: Kind | 'all'
}

/** How far a run goes: as far as the process that is disturbed needs it to; a process more costs a second of CPU. */
const DEPTHS = {
  known: ['--phases', 'inventory,known'],
  looked: [],
  whole: ['--text', '--basis', 'soak'],
} as const
type Depth = keyof typeof DEPTHS
const DEPTH_OF: Readonly<Record<Kind | 'all', Depth>> = {
  main: 'whole',
  list: 'known',
  read: 'known',
  open: 'known',
  look: 'looked',
  text: 'whole',
  all: 'whole',
}
/** One in so many goes the whole way, whatever is disturbed. */
const WHOLE_ONE_IN = 8
/** One in so many has two of each kind of process. */
const TWO_WORKERS_ONE_IN = 4

const TRIALS: readonly Trial[] = (['folder', 'image'] as const).flatMap((exhibit) => [
  ...KINDS.flatMap((of) => [
    { exhibit, disturbance: 'killed', of } as const,
    { exhibit, disturbance: 'killed', of } as const,
  ]),
  ...KINDS.map((of) => ({ exhibit, disturbance: 'stopped', of }) as const),
  ...(['descriptors', 'memory', 'disk'] as const).map(
    (disturbance) => ({ exhibit, disturbance, of: 'all' }) as const,
  ),
])

const COMMON = ['--progress', 'json', '--allow-writable-mount'] as const
const ENTRIES: Partial<Record<Kind, RegExp>> = {
  list: /\/(walk-child|image-lister)\.js/,
  read: /\/(reader-child|image-reader)\.js/,
}

const NOTHING_BEGAN = /stopped before the run began/

const words = process.argv.slice(2)
const count = Number(words.find((word) => /^\d+$/.test(word)) ?? 100)
const seedAt = words.indexOf('--seed')
const random = seeded(seedAt === -1 ? 1 : Number(words[seedAt + 1]))
const scratch = mkdtempSync(join(tmpdir(), 'seized-soak-'))
const table = new Map<string, { runs: number; reached: number; failed: number }>()
let failed = 0
let [made, stopping] = [0, false]
// Ends after the run that is at work, with the table of what there was.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (stopping = true))

try {
  const exhibits = await makeSoakExhibit(scratch)
  const pathOf = (exhibit: Trial['exhibit']) => (exhibit === 'folder' ? exhibits.folder : exhibits.image)
  const undisturbed = new Map<string, { digests: string; ms: number }>()
  for (const exhibit of ['folder', 'image'] as const)
    for (const depth of Object.keys(DEPTHS) as Depth[]) {
      const ledger = join(scratch, `${exhibit}-${depth}.sqlite`)
      const began = Date.now()
      const { digests } = await finished(scanOf(pathOf(exhibit), ledger, depth, 2))
      if (digests === null) throw new Error(`an undisturbed run of the ${exhibit} did not come to its end`)
      undisturbed.set(`${exhibit} ${depth}`, { digests, ms: Date.now() - began })
    }
  for (let n = 0; n < count && !stopping; n++) {
    // The step has no divisor in common with their number: every one has its turn.
    const trial = TRIALS[(n * 11) % TRIALS.length]!
    const at = join(scratch, `run-${n}`)
    mkdirSync(at)
    const depth = random() < 1 / WHOLE_ONE_IN ? 'whole' : DEPTH_OF[trial.of]
    const workers = random() < 1 / TWO_WORKERS_ONE_IN ? 2 : 1
    const wanted = undisturbed.get(`${trial.exhibit} ${depth}`)!
    const scan = (ledger: string) => scanOf(pathOf(trial.exhibit), ledger, depth, workers)
    const { reached, problem } = await disturbed(trial, scan, at, wanted)
    const key = `${trial.exhibit}, ${trial.of} ${trial.disturbance}`
    made++
    const row = table.get(key) ?? { runs: 0, reached: 0, failed: 0 }
    table.set(key, {
      runs: row.runs + 1,
      reached: row.reached + Number(reached),
      failed: row.failed + Number(problem !== null),
    })
    if (problem === null) rmSync(at, { recursive: true, force: true })
    else {
      failed++
      console.log(`FAILED ${n}: ${key}, ${depth}, ${workers} workers: ${problem}`)
    }
    if (made % 50 === 0) console.log(`${made} made, ${failed} failed, ${new Date().toISOString()}`)
  }
} finally {
  if (failed === 0) rmSync(scratch, { recursive: true, force: true })
}
console.log(`${'what'.padEnd(34)} runs reached failed`)
for (const [key, row] of [...table].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${key.padEnd(34)} ${String(row.runs).padStart(4)} ${String(row.reached).padStart(7)} ${String(row.failed).padStart(6)}`,
  )
console.log(`${made - failed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** @returns whether the disturbance met a process that was alive, and what was wrong in the end */
async function disturbed(
  trial: Trial,
  scan: (ledger: string) => string[],
  at: string,
  wanted: { readonly digests: string; readonly ms: number },
) {
  const small = trial.disturbance === 'disk'
  if (small)
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${200 + Math.floor(random() * 900)}k`, 'soak', at])
  try {
    const ledger = join(at, 'case.sqlite')
    const limits: Partial<Record<Disturbance, readonly string[]>> = {
      descriptors: ['prlimit', `--nofile=${32 + Math.floor(random() * 40)}`],
      memory: ['prlimit', `--data=${(200 + Math.floor(random() * 600)) << 20}`],
    }
    const run = started(scan(ledger), limits[trial.disturbance] ?? [])
    const reached =
      trial.of === 'all' || (await met(run, trial.of, trial.disturbance as 'killed' | 'stopped', wanted.ms))
    await run.ended
    if (small) spawnSync('mount', ['-o', 'remount,size=64M', at])
    let digests = run.digests()
    for (let attempt = 0; digests === null && attempt < 3; attempt++) {
      const left = await leftOf(run)
      if (left.length > 0) return { reached, problem: `left running: ${left.join('; ')}` }
      const again = await finished(existsSync(ledger) ? ['resume', ledger, ...COMMON] : scan(ledger))
      digests = again.digests
      // No ledger has its name before its run has begun; should one, the program says so, and what to do.
      if (NOTHING_BEGAN.test(again.said))
        for (const end of ['', '-wal', '-shm']) rmSync(ledger + end, { force: true })
    }
    const left = await leftOf(run)
    const { status } = spawnSync(process.execPath, [BIN, 'verify', ledger])
    const problem =
      left.length > 0
        ? `left running: ${left.join('; ')}`
        : digests !== wanted.digests
          ? `digests ${digests ?? 'none'}, not ${wanted.digests}; the disturbed run said: ${run.said()}`
          : status !== 0
            ? `verify ended with ${status}`
            : null
    return { reached, problem }
  } finally {
    if (small) spawnSync('umount', ['-l', at])
  }
}

interface Run {
  readonly process: ChildProcess
  readonly ended: Promise<void>
  /** Every process that was seen below it. */
  readonly seen: Map<number, Seen>
  digests(): string | null
  said(): string
}

function scanOf(exhibit: string, ledger: string, depth: Depth, workers: number): string[] {
  const names = ['--case', 'soak', '--exhibit', 'soak', '--examiner', 'soak', '--workers', String(workers)]
  return ['scan', exhibit, '--ledger', ledger, ...names, ...DEPTHS[depth], ...COMMON]
}

function started(args: readonly string[], before: readonly string[] = []): Run {
  const [command, ...rest] = [...before, process.execPath, BIN, ...args] as [string, ...string[]]
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, SEIZED_TRACE: 'child' },
  })
  const [out, err] = [[], []] as [string[], string[]]
  child.stdout.on('data', (text: Buffer) => out.push(text.toString()))
  child.stderr.on('data', (text: Buffer) => err.push(text.toString()))
  const seen = new Map<number, Seen>()
  const look = setInterval(() => {
    for (const one of descendantsOf(child.pid!)) seen.set(one.pid, one)
  }, 50)
  const ended = new Promise<void>((resolve) =>
    child.on('close', () => {
      clearInterval(look)
      resolve()
    }),
  )
  const digests = () => {
    const last = out.join('').trim().split('\n').at(-1) ?? ''
    if (!last.startsWith('{')) return null
    const { event, evidenceDigest, analysisDigest } = JSON.parse(last) as Record<string, string>
    return event === 'summary' ? `${evidenceDigest} ${analysisDigest}` : null
  }
  const said = () => (out.join('').trim().split('\n').at(-1) ?? '').slice(0, 300)
  return Object.assign({ process: child, ended, seen, digests, said }, { trace: err }) as Run & {
    trace: string[]
  }
}

async function finished(args: readonly string[]) {
  const run = started(args)
  await run.ended
  return { digests: run.digests(), said: run.said() }
}

/**
 * Waits until there is such a process, then a little, then disturbs it.
 * @param wholeMs about how long the run takes: the main process is disturbed at any time within it
 */
async function met(run: Run, kind: Kind, how: 'killed' | 'stopped', wholeMs: number): Promise<boolean> {
  let over = false
  void run.ended.then(() => {
    over = true
  })
  for (; !over; await wait(15)) {
    const target = targetOf(run, kind)
    if (target === null) continue
    await wait(random() * (kind === 'main' ? wholeMs : 250))
    if (over || !isAlive(target)) continue
    process.kill(target.pid, how === 'killed' ? 'SIGKILL' : 'SIGSTOP')
    if (how === 'killed') return true
    await wait(300 + random() * 2500)
    if (isAlive(target)) process.kill(target.pid, 'SIGCONT')
    return true
  }
  return false
}

function targetOf(run: Run, kind: Kind): Seen | null {
  const alive = [...run.seen.values()].filter(isAlive)
  // The program that was started may hand on to a newer Node: the newest of its own name is the one that works.
  if (kind === 'main')
    return alive.find(({ commandLine }) => commandLine.includes('bin/seized.js')) ?? ownOf(run)
  const entry = ENTRIES[kind]
  const fitting = entry
    ? alive.filter(({ commandLine }) => entry.test(commandLine))
    : alive.filter(({ pid }) => inWork(run, kind).has(pid))
  return fitting[Math.floor(random() * fitting.length)] ?? null
}

function ownOf({ process: { pid } }: Run): Seen | null {
  return descendantsOf(process.pid).find((one) => one.pid === pid) ?? null
}

/** Processes that began such a job last, as the run traces them. */
function inWork(run: Run, kind: Kind): Set<number> {
  const last = new Map<number, string>()
  const text = (run as Run & { trace: string[] }).trace.join('')
  for (const [, op, pid] of text.matchAll(/(\w+) \S* attempt \d+: begins in process (\d+)/g))
    last.set(Number(pid), op!)
  return new Set([...last].flatMap(([pid, op]) => (op === kind ? [pid] : [])))
}

/** What still runs five seconds after the end. */
async function leftOf(run: Run): Promise<string[]> {
  let left = [...run.seen.values()].filter(isAlive)
  for (let i = 0; i < 50 && left.length > 0; i++) {
    await wait(100)
    left = left.filter(isAlive)
  }
  return left.map(({ pid, commandLine }) => `${pid} ${commandLine.slice(0, 120)}`)
}
