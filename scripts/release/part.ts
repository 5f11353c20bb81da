/** A part of the release gate: what it runs, what it claims and how what came out is judged. */
import { spawn } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../src/base/version.ts'

/** One thing that was claimed, with what was measured. */
export interface Claim {
  readonly claim: string
  readonly limit: string
  readonly measured: string
  /** Null: a figure without a stated limit. */
  readonly met: boolean | null
}

export interface PartWork {
  /** Of the part, kept between runs: a part that was interrupted goes on in it. */
  readonly folder: string
  readonly soakRuns: number
  /** Its output goes to the log. */
  readonly run: (
    program: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Ran>
}

export interface Ran {
  readonly code: number | null
  readonly out: string
}

export interface Part {
  readonly id: string
  readonly what: string
  readonly work: (work: PartWork) => Promise<readonly Claim[]>
}

export const BUILT = (...names: readonly string[]) => join(PROGRAM_ROOT, 'dist', ...names)

/** @param log appended to */
export function runner(log: string, signal: AbortSignal): PartWork['run'] {
  return (program, args, env = {}) =>
    new Promise((resolve, reject) => {
      const file = createWriteStream(log, { flags: 'a' })
      file.write(`$ ${program} ${args.join(' ')}\n`)
      const child = spawn(program, args, {
        cwd: PROGRAM_ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
      })
      const stop = () => child.kill('SIGINT')
      signal.addEventListener('abort', stop)
      let out = ''
      child.stdout.on('data', (piece: Buffer) => {
        out += piece.toString('utf8')
        file.write(piece)
      })
      child.stderr.on('data', (piece: Buffer) => file.write(piece))
      child.once('error', reject)
      child.once('close', (code, how) => {
        signal.removeEventListener('abort', stop)
        file.end(`→ ${code ?? how}\n`)
        resolve({ code, out })
      })
    })
}

/** Of this process and of all that it waited for, in seconds (proc(5), fields 14 to 17, in ticks of 10 ms). */
export function cpuSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [11, 12, 13, 14].reduce((sum, i) => sum + Number(fields[i]), 0) / 100
}
