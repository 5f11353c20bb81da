/** Starts a child so that it can do little harm: what the tools of this machine give, in one chain of programs. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NOBODY } from '../../process/drop-root.ts'
import { CHANNEL_FD } from '../../process/frame.ts'
import { type Spawned, spawnProcess } from '../../process/spawn.ts'
import { childEnvironment } from './environment.ts'
import { filterOf } from './filter.ts'
import { requireConfined } from './gate.ts'
import { limitArguments } from './limits.ts'
import { landlockRules } from './readable.ts'
import { LANDLOCK, type Tools } from './tools.ts'

export interface StartOptions {
  readonly tools: Tools
  readonly entry: string
  readonly dataBytes: number
  /** Descriptors of ours that it inherits, and streams to it, behind its socket. */
  readonly inherit: readonly ('pipe' | number)[]
  /** Of the engine. */
  readonly flags?: readonly string[]
  /** Folders that it may read besides; for tests. */
  readonly readable?: readonly string[]
  /** Go on where it cannot be kept from files; also where a person allowed that for the command (gate.ts). */
  readonly allowUnconfined?: boolean
}

/** The filter names the process that it is for, so the process waits for it. */
const WAIT = ['/bin/sh', '-c', 'read -r _ && exec "$@" </dev/null', 'sh']

/** @throws Unconfined before anything is started */
export function startConfined({
  tools,
  entry,
  dataBytes,
  inherit,
  flags = [],
  readable = [],
  allowUnconfined = false,
}: StartOptions): Spawned {
  requireConfined(tools, allowUnconfined)
  const isRoot = process.getuid?.() === 0
  const filter = tools.filter ? new FilterFile() : null
  const filterFd = CHANNEL_FD + 1 + inherit.length
  const uid = isRoot ? NOBODY : (process.getuid?.() ?? 0)
  try {
    const spawned = spawnProcess({
      command: [
        ...(filter ? WAIT : []),
        ...(tools.limits ? [tools.limits, ...limitArguments(dataBytes, uid, inherit.length), '--'] : []),
        ...(tools.network ?? []),
        ...(tools.privileges
          ? [
              tools.privileges,
              '--no-new-privs',
              ...(tools.landlock ? [...LANDLOCK, ...landlockRules(entry, readable)] : []),
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
      inherit: filter ? [...inherit, filter.readFd] : inherit,
    })
    const { process: child } = spawned
    if (filter && child.pid !== undefined) {
      filter.write(filterOf({ pid: child.pid, root: isRoot }))
      // A broken pipe shows as the end of the process.
      child.stdin!.on('error', () => {})
      child.stdin!.end('\n')
    }
    return spawned
  } finally {
    filter?.close()
  }
}

/** A file without a name, written once and inherited for reading only. */
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
