/** Starts a child so that it can do little harm: what the tools of this machine give, in one chain of programs. */
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHANNEL_FD } from '../../process/frame.ts'
import { type Spawned, spawnProcess } from '../../process/spawn.ts'
import { childEnvironment } from './environment.ts'
import { filterOf } from './filter.ts'
import { limitArguments } from './limits.ts'
import { landlockRules } from './readable.ts'
import { LANDLOCK, type Tools } from './tools.ts'

/** nobody and nogroup on Linux. */
export const NOBODY = 65534

export interface StartOptions {
  readonly tools: Tools
  readonly entry: string
  readonly dataBytes: number
  /** A file of ours that it inherits (FILE_FD). */
  readonly fd: number | undefined
  /** Folders that it may read besides; for tests. */
  readonly readable?: readonly string[]
}

/** The filter names the process that it is for, so the process waits for it. */
const WAIT = ['/bin/sh', '-c', 'read -r _ && exec "$@" </dev/null', 'sh']

export function startConfined({ tools, entry, dataBytes, fd, readable = [] }: StartOptions): Spawned {
  const isRoot = process.getuid?.() === 0
  const inherited = fd === undefined ? [] : [fd]
  const filter = tools.filter ? new FilterFile() : null
  const filterFd = CHANNEL_FD + 1 + inherited.length
  const uid = isRoot ? NOBODY : (process.getuid?.() ?? 0)
  try {
    const spawned = spawnProcess({
      command: [
        ...(filter ? WAIT : []),
        ...(tools.limits ? [tools.limits, ...limitArguments(dataBytes, uid), '--'] : []),
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
        entry,
      ],
      env: childEnvironment(),
      stdin: filter ? 'pipe' : 'ignore',
      stdout: 'pipe',
      inherit: filter ? [...inherited, filter.readFd] : inherited,
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
