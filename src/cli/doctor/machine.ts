/** Checks of the machine: runtime, memory, disk, clock. */
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { dirname, resolve } from 'node:path'
import { programFile } from '../../base/program-file.ts'
import { CLOCK_TOLERANCE_MS } from '../../contracts/clock.ts'
import { networkFileSystemWarning } from '../../ledger/write/network-file-system.ts'
import { formatBytes } from '../../report/texts/format.ts'
import { defaultWorkers } from '../arguments/options.ts'
import { newestSeenUtc } from '../services/heads.ts'
import { stateFile } from '../services/state-folder.ts'
import { advice, type Check, ok, todo } from './check.ts'

/** Last day of maintenance of each Node release line. @see nodejs/Release, schedule.json, read 2026-11 */
const MAINTAINED_UNTIL: Readonly<Record<number, string>> = {
  22: '2027-04-30',
  24: '2028-04-30',
  26: '2029-04-30',
}

export function runtime(version = process.versions.node, today = new Date()): Check {
  const name = 'runtime'
  const until = MAINTAINED_UNTIL[Number(version.split('.')[0])]
  const found = `Node ${version} (${process.execPath})`
  if (until === undefined)
    return advice(
      name,
      found,
      'This line of Node has no long maintenance: use the one that the package of seized brings along.',
    )
  if (today.toISOString().slice(0, 10) > until)
    return advice(
      name,
      `${found}, maintained until ${until}`,
      'This line of Node gets no more security fixes: update seized.',
    )
  return ok(name, `${found}, maintained until ${until}`)
}

const GIB = 1024 ** 3

export function memory(): Check {
  const allowed = process.constrainedMemory()
  const bytes = allowed > 0 ? Math.min(allowed, totalmem()) : totalmem()
  const cores = availableParallelism()
  const workers = defaultWorkers(cores, bytes)
  const found = `${formatBytes(bytes)}, ${cores} cores: ${workers} workers at once`
  if (bytes < 3 * GIB)
    return advice(
      'memory',
      found,
      'A decoding process with every model needs up to a gigabyte and the program two: use a machine with 4 GB or more.',
    )
  return ok('memory', found)
}

/**
 * Free space for a ledger folder: a million files make a ledger of two gigabytes, and a scan writes companion files
 * too.
 */
const ROOM_BYTES = 10e9

/** @param folder folder for ledgers */
export function disk(folder: string): Check[] {
  const path = resolve(folder)
  if (!existsSync(path))
    return [todo('disk', `${path}: there is no such folder`, 'Name the folder for ledgers with --dir.')]
  const checks = [writable('disk', path), writable('disk', tmpdir())].filter((check) => check !== null)
  const { bavail, bsize } = statfsSync(path)
  const free = Number(bavail) * Number(bsize)
  const found = `${formatBytes(free)} free at ${path}`
  const network = networkFileSystemWarning(`${path}/ledger`)
  return [
    ...checks,
    ...(network === null
      ? []
      : [advice('disk', network, 'Write ledgers to a local disk and copy them when sealed.')]),
    free < 100e6
      ? todo('disk', found, 'Make room, or name another folder for ledgers with --dir.', 'tryAgain')
      : free < ROOM_BYTES
        ? advice('disk', found, 'A ledger of a million files takes up to 4 GB while it grows: make room.')
        : ok('disk', found),
  ]
}

function writable(name: string, folder: string): Check | null {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    return todo(
      name,
      `${folder} cannot be written (${(error as NodeJS.ErrnoException).code})`,
      'Give this account the right to write there, or name another folder (--dir; TMPDIR for temporary files).',
    )
  }
}

/** The clock is behind when it shows an earlier time than existing files or heads. */
export function clock(heads: string | undefined, nowMs = Date.now()): Check {
  const built = statSync(programFile('child')).mtime.toISOString()
  const seen = newestSeenUtc(heads)
  const now = new Date(nowMs).toISOString()
  const [newest, what] =
    seen !== null && seen > built ? [seen, 'the journal of heads'] : [built, 'the program’s files']
  if (Date.parse(newest) - nowMs > CLOCK_TOLERANCE_MS)
    return todo(
      'clock',
      `${now}, and ${what} are of ${newest}`,
      'Set the clock of this machine: times in ledgers and custody logs come from it.',
    )
  return ok('clock', `${now}, not behind ${what} (${newest}); whether it is ahead cannot be seen here`)
}

/** Location of the journal of heads. */
export function journal(): Check {
  const file = stateFile('heads.jsonl')
  if (file === null)
    return advice(
      'journal',
      'this account has no home folder',
      'Name a file with --heads on every command, or heads are kept on paper only.',
    )
  for (let folder = dirname(file); ; folder = dirname(folder))
    if (existsSync(folder)) {
      const refused = writable('journal', folder)
      return refused
        ? advice('journal', refused.found, 'Name a file with --heads: the journal of heads cannot be kept.')
        : ok('journal', `heads are kept in ${file}`)
    }
}
