/**
 * Measures which restrictions hold on a child: it tries attempts, and reads the kernel's own state. It assumes
 * none.
 */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ATTEMPTS, type Attempt, type Guarded, type ProbeHeader } from '../../wire/probe.ts'
import type { Ready } from '../../wire/session-reply.ts'
import type { Tools } from './tools.ts'

export interface Confinement {
  /** Tried. */
  readonly fileWritesRefused: boolean
  readonly fileReadsRefused: boolean
  readonly programsRefused: boolean
  readonly networkRefused: boolean
  readonly signalsRefused: boolean
  readonly memoryOfOthersRefused: boolean
  /** Read from /proc. */
  readonly systemCallsFiltered: boolean
  readonly noNewPrivileges: boolean
  readonly memoryCapped: boolean
  readonly coreDumpsRefused: boolean
  readonly fileGrowthRefused: boolean
  readonly threadsLimited: boolean
  readonly rootDropped: boolean
  /** Names in ATTEMPTS of the forbidden actions that succeeded. */
  readonly succeeded: readonly string[]
  /** Tools that this machine lacks; empty when all are present. */
  readonly missing: readonly MissingTool[]
}

export type MissingTool = 'prlimit' | 'unshare' | 'setpriv' | 'landlock' | 'seccomp'

/** A folder to try things on, and the job that does. */
export class Probing {
  readonly #folder = mkdtempSync(join(tmpdir(), 'seized-'))
  readonly #within = join(this.#folder, 'probe')

  constructor() {
    chmodSync(this.#folder, 0o711)
    mkdirSync(this.#within)
    chmodSync(this.#within, 0o777)
    for (const [name, mode] of FILES) {
      writeFileSync(join(this.#within, name), name)
      chmodSync(join(this.#within, name), mode)
    }
  }

  get header(): ProbeHeader {
    return { folder: this.#within, parentPid: process.pid }
  }

  /** Reads the folder itself and does not rely on the child's answer. */
  isUntouched(): boolean {
    const names = readdirSync(this.#within).sort().join()
    return (
      names === 'open,sealed' &&
      FILES.every(([name, mode]) => {
        const stat = statSync(join(this.#within, name))
        return (stat.mode & 0o777) === mode && stat.size === name.length && stat.mtimeMs > 0
      })
    )
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const FILES = [
  ['open', 0o666],
  ['sealed', 0o444],
] as const

interface Measured {
  readonly pid: number
  readonly untouched: boolean
  readonly tools: Tools
  /** Attempts that the process may succeed with: it reads a mount that holds the file. */
  readonly granted?: readonly Attempt[]
}

export function confinementOf(
  { rootDropped, probed }: Ready,
  { pid, untouched, tools, granted = [] }: Measured,
): Confinement {
  const succeeded = (Object.keys(ATTEMPTS) as (keyof typeof ATTEMPTS)[]).filter(
    (name) => !granted.includes(name) && !REFUSALS.has(probed?.[name] ?? 'not tried'),
  )
  const refused = (guarded: Guarded) => succeeded.every((name) => ATTEMPTS[name] !== guarded)
  const limit = limitsOf(pid)
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return {
    fileWritesRefused: refused('writing') && untouched,
    fileReadsRefused: refused('reading'),
    programsRefused: refused('programs'),
    networkRefused: refused('network'),
    signalsRefused: refused('signals'),
    memoryOfOthersRefused: refused('memory'),
    systemCallsFiltered: /^Seccomp:\s+2$/m.test(status),
    noNewPrivileges: /^NoNewPrivs:\s+1$/m.test(status),
    memoryCapped: limit('Max data size') !== 'unlimited',
    coreDumpsRefused: limit('Max core file size') === '0',
    fileGrowthRefused: limit('Max file size') === '0',
    threadsLimited: limit('Max processes') !== 'unlimited',
    rootDropped,
    succeeded,
    missing: missingOf(tools),
  }
}

/** For the ledger: every value is text. @param dataBytes cap of the memory of such a process */
export function inWords(held: Confinement, dataBytes: number): Readonly<Record<string, string>> {
  const { rootDropped, memoryCapped, succeeded, missing, ...others } = held
  const yes = (holds: boolean) => (holds ? 'yes' : 'no')
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, holds]) => [name, yes(holds)])),
    rootDropped: rootDropped ? 'yes' : process.getuid?.() === 0 ? 'no' : 'not root to begin with',
    memoryCapped: memoryCapped ? `yes, ${dataBytes} bytes of data` : 'no',
    succeeded: succeeded.join(', '),
    missing: missing.join(', '),
  }
}

/** Errors by which a kernel refuses: permissions, a read-only file system, no such network, no such process. */
const REFUSALS = new Set(['EACCES', 'EPERM', 'EROFS', 'ENETUNREACH', 'EAFNOSUPPORT', 'ESRCH', 'ENOSYS'])

/** Hard limits, which only root can raise. @see proc_pid_limits(5) */
function limitsOf(pid: number): (name: string) => string | undefined {
  const text = readFileSync(`/proc/${pid}/limits`, 'latin1')
  return (name) => new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(text)?.[1]
}

export function missingOf({ limits, network, privileges, landlock, filter }: Tools): MissingTool[] {
  return [
    ...(limits === null ? (['prlimit'] as const) : []),
    ...(network === null ? (['unshare'] as const) : []),
    ...(privileges === null ? (['setpriv'] as const) : []),
    ...(landlock ? [] : (['landlock'] as const)),
    ...(filter ? [] : (['seccomp'] as const)),
  ]
}
