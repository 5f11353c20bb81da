/**
 * How a child is started so that it can do little harm: memory cap, no core dump, no file written, no network, no root.
 * What of this holds depends on the machine, so it is probed once and reported, never assumed.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Confinement {
  readonly networkUnshared: boolean
  readonly memoryCapped: boolean
  readonly fileWritesRefused: boolean
  readonly coreDumpsRefused: boolean
  readonly noNewPrivileges: boolean
  /** Known once a child has started. */
  readonly rootDropped: boolean
  /** Sentence for the ledger: why something does not hold. Empty when everything does. */
  readonly remark: string
}

export interface Launcher {
  /** Command line in front of the child's own. */
  readonly command: (dataBytes: number, argv: readonly string[]) => readonly string[]
  readonly holds: Omit<Confinement, 'rootDropped'>
}

/** nobody and nogroup on Linux. */
export const NOBODY = 65534

let probed: Launcher | null = null

export function launcher(): Launcher {
  probed ??= probe()
  return probed
}

/**
 * -d: data segment and private anonymous memory, which caps V8, wasm, libvips and onnxruntime alike; `-v` breaks them,
 * because they reserve address space that they never use. -c 0, -f 0: original pixels must not reach a core dump or a
 * temporary file.
 */
const LIMIT_SCRIPT = 'ulimit -d "$1" && ulimit -c 0 && ulimit -f 0 && shift && exec "$@"'

function probe(): Launcher {
  const limits = works(['/bin/sh', '-c', LIMIT_SCRIPT, 'sh', '4194304', '/bin/sh', '-c', 'exit 0'])
  const network = networkPrefix()
  const privileges = privilegePrefix()
  const missing = [
    limits ? '' : 'ulimit did not work: memory, core dumps and file writes of children are not limited',
    network ? '' : 'unshare did not work: children keep the network namespace',
    privileges ? '' : 'setpriv did not work: children may gain privileges by set-user-ID programs',
  ].filter((text) => text !== '')
  return {
    command: (dataBytes, argv) => {
      const inner = [...(network ?? []), ...(privileges ?? []), ...argv]
      return limits
        ? ['/bin/sh', '-c', LIMIT_SCRIPT, 'sh', String(Math.floor(dataBytes / 1024)), ...inner]
        : inner
    },
    holds: {
      networkUnshared: network !== null,
      memoryCapped: limits,
      fileWritesRefused: limits,
      coreDumpsRefused: limits,
      noNewPrivileges: privileges !== null,
      remark: missing.join('; '),
    },
  }
}

/** As root a network namespace of its own; otherwise through a user namespace, where the kernel allows one. */
function networkPrefix(): string[] | null {
  const program = find('unshare')
  if (!program) return null
  const candidates = [
    [program, '--net', '--ipc', '--'],
    [program, '--net', '--'],
    [program, '--user', '--net', '--'],
  ]
  return candidates.find((prefix) => works([...prefix, '/bin/sh', '-c', 'exit 0'])) ?? null
}

function privilegePrefix(): string[] | null {
  const program = find('setpriv')
  if (!program) return null
  const prefix = [program, '--no-new-privs', '--']
  return works([...prefix, '/bin/sh', '-c', 'exit 0']) ? prefix : null
}

/** By absolute path, so that a program of this name in the working folder is never run. */
function find(name: string): string | null {
  const folders = (process.env.PATH ?? '/usr/bin:/bin').split(delimiter).filter((f) => f.startsWith('/'))
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file)) ?? null
}

function works(line: readonly string[]): boolean {
  const run = spawnSync(line[0] as string, line.slice(1), { stdio: 'ignore', timeout: 10_000 })
  return run.status === 0
}

/** Variables that a child may see. Nothing that could hold a secret, and nothing that changes what a decoder does. */
const ALLOWED = ['PATH', 'LD_LIBRARY_PATH', 'LANG', 'LC_ALL']

export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(
    ALLOWED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
  return {
    ...kept,
    TZ: 'UTC',
    HOME: '/nonexistent',
    // A decoder that wants a temporary file fails instead of leaving original pixels on a disk.
    TMPDIR: '/nonexistent',
    VIPS_DISC_THRESHOLD: '1000g',
    // libvips refuses loaders that are not fuzzed.
    VIPS_BLOCK_UNTRUSTED: '1',
    // One picture at a time: more arenas only spread the cap thin.
    MALLOC_ARENA_MAX: '2',
    UV_THREADPOOL_SIZE: '2',
  }
}
