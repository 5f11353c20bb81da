/** Runs this program as a process of its own: a scan that is killed or runs out of memory ends only itself. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../base/version.ts'

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Objects of standard output, one a line; other lines are left out. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  /** The last kilobytes of standard error. */
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

export interface RunOptions {
  /** Called with each object as it is read. */
  readonly on?: (event: Readonly<Record<string, unknown>>) => void
  readonly env?: NodeJS.ProcessEnv
}

const STDERR_KEPT = 8_192
/** Only the last objects are kept; all were passed to `on`. */
const EVENTS_KEPT = 64

/** @param args arguments of `seized`. With setpriv(1) the process gets SIGTERM when this one ends in any way */
export function startSeized(args: readonly string[], { on, env }: RunOptions = {}): Running {
  const line = [process.execPath, join(PROGRAM_ROOT, 'bin/seized.js'), ...args]
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file))
  const [command, ...rest] = setpriv ? [setpriv, '--pdeathsig', 'TERM', '--', ...line] : line
  const child = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'], ...(env ? { env } : {}) })
  return { process: child, ended: endOf(child, on ?? (() => {})) }
}

export function runSeized(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startSeized(args, options).ended
}

function endOf(child: ChildProcess, on: NonNullable<RunOptions['on']>): Promise<Ended> {
  const events: Readonly<Record<string, unknown>>[] = []
  let rest = ''
  let stderr = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const event = objectOf(line)
      if (event === null) continue
      events.push(event)
      if (events.length > EVENTS_KEPT) events.shift()
      on(event)
    }
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, signal: null, events, stderr: error.message }))
    child.on('close', (code, signal) => resolve({ code, signal, events, stderr }))
  })
}

function objectOf(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
