/** Finds the programs of this machine that can confine a child, once, by running them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { filterOf, isFilterable } from './filter.ts'

export interface Tools {
  /** prlimit(1). */
  readonly limits: string | null
  /** unshare(1) with the namespaces that it can unshare on this machine. */
  readonly network: readonly string[] | null
  /** setpriv(1). */
  readonly privileges: string | null
  /** True where setpriv(1) supports Landlock and filters (util-linux 2.40) and the kernel does too. */
  readonly landlock: boolean
  readonly filter: boolean
  /** Arguments of setpriv(1) that leave root the right to read alone; null: it cannot, or this account is not root. */
  readonly capabilities?: readonly string[] | null
}

let asked: Tools | null = null

export function tools(): Tools {
  asked ??= ask()
  return asked
}

export const LANDLOCK = ['--landlock-access', 'fs']
const ANYTHING = [...LANDLOCK, '--landlock-rule', 'path-beneath:execute,read-file,read-dir:/']

function ask(): Tools {
  const limits = found('prlimit')
  const unshare = found('unshare')
  const privileges = found('setpriv')
  const folder = mkdtempSync(join(tmpdir(), 'seized-'))
  try {
    const file = join(folder, 'filter')
    if (isFilterable()) writeFileSync(file, filterOf({ pid: 0, root: false }))
    const limited = limits && [limits, '--core=0', '--fsize=0', '--nofile=256', '--']
    const filtered = isFilterable() ? ['--seccomp-filter', file] : null
    const networks = unshare ? networkCandidates(unshare) : []
    const set = (...options: readonly string[]) => [privileges!, '--no-new-privs', ...options, '--']
    // All restrictions at once usually work, and this costs one process.
    const [usual] = networks
    if (
      limited &&
      usual &&
      privileges &&
      filtered &&
      works([...limited, ...usual, ...set(...(toRead(true) ?? []), ...ANYTHING, ...filtered)])
    )
      return {
        limits,
        network: usual,
        privileges,
        landlock: true,
        filter: true,
        capabilities: toRead(true),
      }
    const plain = privileges !== null && works(set())
    const filters = plain && filtered !== null && works(set(...filtered))
    const capabilities = toRead(filters)
    return {
      limits: limited && works(limited) ? limits : null,
      network: networks.find(works) ?? null,
      privileges: plain ? privileges : null,
      landlock: plain && works(set(...ANYTHING)),
      filter: filters,
      capabilities: plain && capabilities !== null && works(set(...capabilities)) ? capabilities : null,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Bits of capabilities(7). */
const DAC_OVERRIDE = 1
const DAC_READ_SEARCH = 2
const FOWNER = 3
const SYS_ADMIN = 21
/** All that {@link toRead} can leave root. */
export const RIGHTS_TO_READ = [DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, SYS_ADMIN].reduce(
  (bits, bit) => bits | (1n << BigInt(bit)),
  0n,
)

/**
 * Capabilities that root keeps to read a mount: to read files of others, to leave access times unchanged (O_NOATIME), and to name
 * attributes `trusted.` (xattr(7)). The kernel asks for CAP_SYS_ADMIN for the last; root keeps it only under a filter, which refuses
 * every other call that needs it. In a container without CAP_DAC_READ_SEARCH root reads by CAP_DAC_OVERRIDE, and Landlock refuses writes.
 */
function toRead(filters: boolean): readonly string[] | null {
  if (process.getuid?.() !== 0) return null
  const held = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))![1]}`)
  const holds = (bit: number) => ((held >> BigInt(bit)) & 1n) === 1n
  const kept = [
    ...(holds(DAC_READ_SEARCH) ? ['dac_read_search'] : holds(DAC_OVERRIDE) ? ['dac_override'] : []),
    ...(holds(FOWNER) ? ['fowner'] : []),
    ...(filters && holds(SYS_ADMIN) ? ['sys_admin'] : []),
  ]
  return ['--inh-caps=-all', `--bounding-set=${['-all', ...kept.map((name) => `+${name}`)].join()}`]
}

/** As root, a network namespace directly; otherwise through a user namespace, where the kernel allows one. */
function networkCandidates(unshare: string): string[][] {
  return process.getuid?.() === 0
    ? [
        [unshare, '--net', '--ipc', '--'],
        [unshare, '--net', '--'],
      ]
    : [
        [unshare, '--user', '--net', '--ipc', '--'],
        [unshare, '--user', '--net', '--'],
      ]
}

/** Absolute path of a program in PATH, so that a program of this name in the working folder is never run. */
export function found(name: string): string | null {
  const folders = (process.env.PATH ?? '/usr/bin:/bin').split(delimiter).filter((f) => f.startsWith('/'))
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

function works(prefix: readonly string[]): boolean {
  const [program, ...args] = [...prefix, '/bin/sh', '-c', 'exit 0']
  return spawnSync(program!, args, { stdio: 'ignore', timeout: 10_000 }).status === 0
}
