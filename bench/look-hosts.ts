/** A scan that shares its analysis, and hosts that analyse for it, as processes of this machine; each may be kept to a share of it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { PROGRAM_ROOT } from '../src/base/version.ts'
import type { ShardFolder } from '../src/host/shards/shard-folder.ts'
import { openLedger } from '../src/ledger/read/read.ts'
import { childrenOf, cpuOf } from './process-figures.ts'

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')

/** Puts a command line into a control group; itself where there is none. */
export type Entering = (command: string, args: readonly string[]) => readonly [string, readonly string[]]

const free: Entering = (command, args) => [command, args]

/** Appends the CPU time of the command and of all below it to a file, in seconds: of the user, of the system. */
export function timed(file: string): Entering {
  const words = 'TIMEFORMAT="%U %S"; { time "$@" 2>&3; } 3>&2 2>>"$0"'
  return (command, args) => ['bash', ['-c', words, file, command, ...args]]
}

export interface Scanned {
  /** CPU time of the main process alone, in milliseconds. */
  readonly mainMs: number
  /** From the first message of the phase "unknown" to its end, by the clock. */
  readonly unknownMs: number
  readonly digests: string
  /** Contents in each answer of another host that was merged. */
  readonly merged: readonly number[]
}

export interface ScanWishes {
  readonly folder: string
  readonly image: string
  readonly name: string
  readonly workers?: number
  readonly more?: readonly string[]
  readonly entering?: Entering
  /** Called with its process. */
  readonly started?: (scan: ChildProcess) => void
}

export async function scanned(wishes: ScanWishes): Promise<Scanned> {
  const { folder, image, name, workers = 1, more = [], entering = free } = wishes
  const ledger = join(folder, `${name}.sqlite`)
  const names = ['--case', 'bench', '--exhibit', 'E-1', '--examiner', 'bench', `--workers=${workers}`]
  const words = [BIN, 'scan', image, '--ledger', ledger, ...names, '--progress', 'json', ...more]
  const [command, args] = entering(process.execPath, words)
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  wishes.started?.(child)
  let [said, mainMs, beganMs, endedMs] = ['', 0, 0, 0]
  child.stdout.on('data', (text) => {
    said += text
    if (beganMs === 0 && said.includes('"phase":"unknown"')) beganMs = performance.now()
    // The last message of the phase.
    if (String(text).includes('"phase":"unknown"')) endedMs = performance.now()
  })
  const watch = setInterval(() => {
    mainMs = Math.max(mainMs, cpuOf(entering === free ? child.pid! : (childrenOf(child.pid!)[0] ?? 0)))
  }, 20)
  await new Promise((resolve) => child.on('close', resolve))
  clearInterval(watch)
  const summary = JSON.parse(said.trim().split('\n').at(-1)!)
  const reader = openLedger(ledger)
  const events = reader.events().filter(({ event }) => event === 'look-shard-merged')
  reader.close()
  return {
    ...{ mainMs, unknownMs: endedMs - beganMs },
    digests: `${summary.evidenceDigest} ${summary.analysisDigest}`,
    merged: events.map(({ detail }) => Number(detail.contents)),
  }
}

/** Answers one shard after the other until `isOver`. */
export async function lookHost(
  folder: string,
  exchange: ShardFolder,
  isOver: () => boolean,
  { workers = 1, entering = free }: Pick<ScanWishes, 'workers' | 'entering'> = {},
): Promise<void> {
  for (; !isOver(); await wait(20)) {
    const name = exchange.offered().find((one) => !exchange.isTaken(one))
    if (name === undefined) continue
    const file = join(exchange.folder, `${name}.shard.json`)
    const words = ['lab', 'run-one', '--shard', file, '--out', exchange.folder, `--workers=${workers}`]
    const [command, args] = entering(process.execPath, [BIN, ...words, '--config', join(folder, 'none')])
    const child = spawn(command, [...args], { stdio: 'ignore' })
    await Promise.race([closed(child), over(isOver)])
    child.kill('SIGTERM')
    await closed(child)
  }
}

function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => child.on('close', () => resolve()))
}

async function over(isOver: () => boolean): Promise<void> {
  while (!isOver()) await wait(200)
}
