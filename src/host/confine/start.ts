/** Starts a child with as few rights as the tools of this machine allow, in one chain of programs. */
import { closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOBODY } from '../../process/drop-root.ts'
import { CHANNEL_FD } from '../../process/frame.ts'
import { type Spawned, spawnProcess } from '../../process/spawn.ts'
import { childEnvironment } from './environment.ts'
import { filterOf } from './filter.ts'
import { requireConfined } from './gate.ts'
import { INSPECT_FLAGS, inspectedKind, toldOfDebugger } from './inspect.ts'
import { limitArguments } from './limits.ts'
import { landlockRules } from './readable.ts'
import { LANDLOCK, type Tools } from './tools.ts'

export interface StartOptions {
  readonly tools: Tools
  readonly entry: string
  readonly dataBytes: number
  /** Descriptors of ours that it inherits, and streams to it, behind its socket. */
  readonly inherit: readonly ('pipe' | number)[]
  /** Root of the mount that the process walks or reads: its only folder. */
  readonly mount?: string | null
  /** Of the engine. */
  readonly flags?: readonly string[]
  /** Folders that it may read besides; for tests. */
  readonly readable?: readonly string[]
  /**
   * Start the child also where it cannot be kept from files. A person can allow the same for the whole command
   * (gate.ts).
   */
  readonly allowUnconfined?: boolean
}

/** More than the folders that a reader of a mount keeps open (mounts/open-below.ts). */
const FOLDERS_OPEN = 1024

/** The filter contains the process id that it is for, so the process waits until the filter is written. */
const WAIT = ['/bin/sh', '-c', 'read -r _ && exec "$@" </dev/null', 'sh']

/** @throws Unconfined before any process is started */
export function startConfined({
  tools,
  entry,
  dataBytes,
  inherit,
  flags = [],
  readable = [],
  allowUnconfined = false,
  mount = null,
}: StartOptions): Spawned {
  requireConfined(tools, allowUnconfined)
  const kind = inspectedKind(entry)
  if (kind !== null) return startInspected({ entry, inherit, flags }, kind)
  const isRoot = process.getuid?.() === 0
  const filterFd = CHANNEL_FD + 1 + inherit.length
  // Files of a mount belong to any account: their reader stays root, with the right to read and no other.
  const drops = isRoot && mount === null
  const uid = drops ? NOBODY : (process.getuid?.() ?? 0)
  const opened = new OpenedAnew(inherit)
  const filter = tools.filter ? new FilterFile() : null
  try {
    const spawned = spawnProcess({
      command: [
        ...(filter ? WAIT : []),
        ...(tools.limits
          ? [
              tools.limits,
              ...limitArguments(dataBytes, uid, inherit.length + (mount === null ? 0 : FOLDERS_OPEN)),
              '--',
            ]
          : []),
        ...(tools.network ?? []),
        ...(tools.privileges
          ? [
              tools.privileges,
              '--no-new-privs',
              ...(endsWithParent(tools, mount) ? ['--pdeathsig', 'KILL'] : []),
              ...(mount === null ? [] : (tools.capabilities ?? [])),
              ...(tools.landlock ? [...LANDLOCK, ...landlockRules(entry, readable, mount)] : []),
              ...(filter ? ['--seccomp-filter', `/proc/self/fd/${filterFd}`] : []),
              '--',
            ]
          : []),
        process.execPath,
        ...flags,
        entry,
      ],
      env: childEnvironment(),
      stdin: filter ? 'pipe' : 'ignore',
      stdout: 'pipe',
      inherit: filter ? [...opened.inherit, filter.readFd] : opened.inherit,
    })
    const { process: child } = spawned
    if (filter && child.pid !== undefined) {
      filter.write(filterOf({ pid: child.pid, root: drops, mount: mount !== null }))
      // A broken pipe shows as the end of the process.
      child.stdin!.on('error', () => {})
      child.stdin!.end('\n')
    }
    return spawned
  } finally {
    filter?.close()
    opened.close()
  }
}

/**
 * True where the kernel ends the process with this one. The setpriv(1) that supports Landlock can ask for it; the kernel forgets it
 * when a process gives up root.
 */
export function endsWithParent({ landlock }: Tools, mount: string | null): boolean {
  return landlock && mount !== null
}

function startInspected(
  { entry, inherit, flags }: Required<Pick<StartOptions, 'entry' | 'inherit' | 'flags'>>,
  kind: string,
): Spawned {
  const opened = new OpenedAnew(inherit)
  try {
    const command = [process.execPath, ...INSPECT_FLAGS, ...flags, entry]
    const spawned = spawnProcess({
      command,
      env: childEnvironment(),
      stdout: 'pipe',
      inherit: opened.inherit,
    })
    return toldOfDebugger(spawned, kind)
  } finally {
    opened.close()
  }
}

/**
 * Opens inherited files once more for one process. Its changes to a descriptor (position, O_DIRECT) then reach
 * no other process that reads the same image.
 */
class OpenedAnew {
  readonly inherit: readonly ('pipe' | number)[]
  readonly #opened: number[] = []

  constructor(inherit: readonly ('pipe' | number)[]) {
    try {
      this.inherit = inherit.map((one) => (typeof one === 'number' && isFile(one) ? this.#anew(one) : one))
    } catch (error) {
      this.close()
      throw error
    }
  }

  close(): void {
    for (const fd of this.#opened) closeSync(fd)
  }

  #anew(fd: number): number {
    const anew = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NOCTTY)
    this.#opened.push(anew)
    return anew
  }
}

/** True for regular files and block devices. A pipe has two ends and cannot be opened again. */
function isFile(fd: number): boolean {
  const stats = fstatSync(fd)
  return process.platform === 'linux' && (stats.isFile() || stats.isBlockDevice())
}

/** A file without a name that holds the filter: written once, inherited read-only. */
class FilterFile {
  readonly readFd: number
  readonly #writeFd: number

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'seized-'))
    const file = join(folder, 'filter')
    try {
      this.#writeFd = openSync(file, 'wx', 0o400)
      this.readFd = openSync(file, 'r')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  write(filter: Buffer): void {
    writeFileSync(this.#writeFd, filter)
  }

  close(): void {
    closeSync(this.#writeFd)
    closeSync(this.readFd)
  }
}
