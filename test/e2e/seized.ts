/** Runs the built program as an examiner would, and reads what it wrote. */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Fixture } from '../../fixtures/make.ts'
import { WHOLE } from '../whole.ts'

export const BIN = resolve(import.meta.dirname, '../../bin/seized.js')

export interface Result {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Two files of tests hold two cores. So a run has one worker where its test does not say how many, which costs a quarter of the CPU time
 * less; with SEIZED_WHOLE=1 it has as many as the machine has cores.
 */
function withWorkers([verb = '', ...rest]: readonly string[]): string[] {
  const isAsked = WHOLE || !['scan', 'resume', 'batch'].includes(verb) || rest.includes('--workers')
  return isAsked ? [verb, ...rest] : [verb, '--workers', '1', ...rest]
}

export function seized(args: readonly string[], env: NodeJS.ProcessEnv = {}): Result {
  return spawnSync(process.execPath, [BIN, ...withWorkers(args)], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  }) as Result
}

/** @param bin of another installation */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}, bin = BIN) {
  return spawn(process.execPath, [bin, ...withWorkers(args)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'seized-e2e-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function scanArgs(
  mount: string,
  ledger: string,
  lists: readonly string[],
  ...more: string[]
): string[] {
  return [
    'scan',
    mount,
    '--case',
    'T-1',
    '--exhibit',
    'E-1',
    '--examiner',
    'Test Examiner',
    '--ledger',
    ledger,
    ...lists.flatMap((list) => ['--hashset', list]),
    '--progress',
    'json',
    '--allow-writable-mount',
    ...more,
  ]
}

export function listsOf(fixture: Pick<Fixture, 'lists'>): string[] {
  return [`illegal:${fixture.lists.illegal}`, `vics-us:${fixture.lists.vics}`, `known:${fixture.lists.known}`]
}

/** The last line of --progress json. */
export function summaryOf(result: Pick<Result, 'stdout' | 'stderr'>) {
  const last = result.stdout.trim().split('\n').at(-1)
  if (!last) throw new Error(`no summary on stdout; stderr: ${result.stderr}`)
  const summary = JSON.parse(last)
  if (summary.event !== 'summary')
    throw new Error(`the last line is no summary: ${last}; stderr: ${result.stderr}`)
  return summary
}

export function exported(ledger: string, folder: string) {
  const out = join(folder, 'entries.jsonl')
  const result = seized(['report', ledger, '--format', 'jsonl', '--out', out, '--overwrite'])
  if (result.status !== 0) throw new Error(result.stderr)
  return readFileSync(out, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { ledger: _state, newestHead: _head, ...entry } = JSON.parse(line)
      return entry
    })
}

/** Processes of this machine whose command line names `text`. */
export function processesNaming(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes(text) && !line.includes('ps -eo'))
}

/** Lines without access times: walking a writable folder again moves them, and no digest covers them. */
export function withoutAccessTimes(lines: ReturnType<typeof exported>): unknown[] {
  return lines.map(({ times: { accessed: _, ...times }, ...line }) => ({ ...line, times }))
}
