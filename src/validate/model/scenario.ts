/** A scenario: makes an exhibit, runs the program on it, and counts checks. */
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PROGRAM_ROOT } from '../../base/version.ts'
import type { Observation } from './observation.ts'

export type Size = 'quick' | 'full'

export interface Scenario {
  readonly id: string
  readonly title: string
  /** Ids of the requirements that it may speak of. */
  readonly speaksOf: readonly string[]
  /** Share of the whole run, roughly, to estimate the remaining time. */
  readonly weight: Readonly<Record<Size, number>>
  readonly run: (bench: Bench) => Promise<readonly Observation[]>
}

export interface Ran {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly err: string
}

/** Independent tools for comparison; a missing one is a deviation. */
const ORACLES = [
  'sha256sum',
  'md5sum',
  'hashdeep',
  'fls',
  'icat',
  'sqlite3',
  'xmllint',
  'qpdf',
  'strace',
  'zip',
  'tar',
  'gzip',
  'bzip2',
  'xz',
  'zstd',
  'compress',
  'xorriso',
  'mksquashfs',
  'wimlib-imagex',
  'ar',
  'qemu-img',
  'ewfacquire',
] as const
export type Oracle = (typeof ORACLES)[number]

/** Working folder of a scenario, and its calls of the program: always as a separate process, as an examiner runs it. */
export class Bench {
  readonly folder: string
  readonly seed: number
  readonly size: Size
  readonly #log: string
  readonly #missing = new Set<Oracle>()
  readonly #deviations: string[] = []
  readonly #listFormats = new Set<string>()

  constructor(folder: string, log: string, seed: number, size: Size) {
    this.folder = folder
    this.#log = log
    this.seed = seed
    this.size = size
  }

  /** Tools for comparison that are not installed. */
  get missing(): readonly Oracle[] {
    return [...this.#missing]
  }

  /** Parts that could not be tested as planned, in words. */
  get deviations(): readonly string[] {
    return this.#deviations
  }

  deviates(what: string): void {
    this.#deviations.push(what)
  }

  /** Runs a program that makes an exhibit. @returns true where it succeeded */
  makes(program: string, args: readonly string[]): boolean {
    const { status, error, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      timeout: 120_000,
    })
    this.#note([program, ...args], `${status ?? error}`, stderr ?? '')
    return status === 0
  }

  /** Ids of the list formats in the ledgers. */
  get listFormats(): readonly string[] {
    return [...this.#listFormats]
  }

  readsLists(formats: readonly string[]): void {
    for (const one of formats) this.#listFormats.add(one)
  }

  /** A fixed number, by the size of the run. */
  of(quick: number, full: number): number {
    return this.size === 'quick' ? quick : full
  }

  at(...names: readonly string[]): string {
    return join(this.folder, ...names)
  }

  seized(...args: readonly string[]): Ran {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      env: this.#environment(),
    })
    const ran = { code: status, signal, out: stdout ?? '', err: stderr ?? '' }
    this.#note(['seized', ...args], `${ran.code ?? ran.signal}`, ran.err)
    return ran
  }

  /** Kills the program with SIGKILL after this time in milliseconds. */
  async killedAfter(ms: number, ...args: readonly string[]): Promise<void> {
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore', env: this.#environment() })
    const ended = new Promise<string>((resolve) =>
      child.once('exit', (code, signal) => resolve(`${code ?? signal}`)),
    )
    const timer = setTimeout(() => child.kill('SIGKILL'), ms)
    const how = await ended
    clearTimeout(timer)
    this.#note(['seized', ...args], how, `killed after ${Math.round(ms)} ms`)
  }

  /** Kills the program with SIGKILL as soon as `holds` is true. @returns true where it was still running then */
  async killedWhen(holds: () => boolean, ...args: readonly string[]): Promise<boolean> {
    const child = spawn(process.execPath, [BIN, ...args], { stdio: 'ignore', env: this.#environment() })
    let how: string | null = null
    const ended = new Promise<void>((resolve) =>
      child.once('exit', (code, signal) => {
        how = `${code ?? signal}`
        resolve()
      }),
    )
    while (how === null && !holds()) await new Promise((resolve) => setTimeout(resolve, 3))
    const wasRunning = how === null
    child.kill('SIGKILL')
    await ended
    this.#note(['seized', ...args], `${how}`, wasRunning ? 'killed' : 'it ended before')
    return wasRunning
  }

  scan(exhibit: string, ledger: string, ...more: readonly string[]): Ran {
    return this.seized(...scanArgs(exhibit, ledger), ...more)
  }

  /** Every entry, as the program exports it. */
  entries(ledger: string): readonly ExportedEntry[] {
    const out = `${ledger}.jsonl`
    const { code, err } = this.seized('report', ledger, '--format', 'jsonl', '--out', out, '--overwrite')
    if (code !== 0) throw new Error(`the export ended with ${code}: ${err.trim()}`)
    return readFileSync(out, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
  }

  /** Null, and a deviation, where the tool is not installed. */
  oracle(tool: Oracle, args: readonly string[], cwd = this.folder): string | null {
    const { status, error, stdout, stderr } = spawnSync(tool, args, {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    if (error !== undefined) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      this.#missing.add(tool)
      return null
    }
    this.#note([tool, ...args], `${status}`, stderr)
    return stdout
  }

  #environment(): NodeJS.ProcessEnv {
    return { ...process.env, XDG_STATE_HOME: join(this.folder, 'state'), SEIZED_TRACE: '' }
  }

  #note(command: readonly string[], code: string, err: string): void {
    const last = err.trim().split('\n').slice(-5).join('\n')
    appendFileSync(this.#log, `$ ${command.join(' ')}\n→ ${code}\n${last === '' ? '' : `${last}\n`}`)
  }
}

const BIN = join(PROGRAM_ROOT, 'bin/seized.js')

export interface ExportedEntry {
  readonly path: string
  readonly pathBytes: string
  readonly kind: string
  readonly sizeBytes: number | null
  readonly mediaType: string | null
  readonly md5: string | null
  readonly sha1: string | null
  readonly sha256: string | null
  readonly blake3: string | null
  readonly stages: Readonly<Record<string, { readonly result: string; readonly reason: string | null }>>
  readonly hits: readonly { readonly algorithm: string; readonly meaning: string }[]
  readonly near: readonly unknown[]
  readonly conflicts: readonly unknown[]
  readonly references: readonly unknown[]
  readonly leads: readonly unknown[]
  readonly decisions: readonly unknown[]
  readonly priority: number | null
  readonly attributes: readonly { readonly code: string }[]
}

export function scanArgs(exhibit: string, ledger: string): string[] {
  return [
    ...['scan', exhibit, '--case', 'VALIDATION', '--exhibit', 'V-1', '--examiner', 'validation run'],
    ...['--ledger', ledger, '--allow-writable-mount', '--progress', 'json'],
  ]
}

/** The object that a run ends with. */
export function summaryOf({ out, err, code }: Ran): Summary {
  const last = out.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(last)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new Error(`the run ended with ${code} and without a summary: ${err.trim().slice(-400)}`)
  }
}

export interface Summary {
  readonly event: string
  readonly entries: number
  /** Entries, with the places that follow from copies of containers. */
  readonly places: number
  readonly exitCode: number
  readonly complete: boolean
  readonly evidenceDigest: string
  readonly analysisDigest: string
  readonly hits: number
  readonly near: number
  readonly references: number
  readonly stages: Readonly<Record<string, Readonly<Record<string, number>>>>
}
