/** Upper limits of a child's resources, as arguments of prlimit(1). */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { TryAgain } from '../../base/errors.ts'

/** A child uses about a quarter of this: its socket, its outputs and the files that it loads. */
const OPEN_FILES = 256
/**
 * Threads that one user may start beyond the present ones. A child has about twenty, a person's other programs
 * some hundreds.
 */
const MORE_THREADS = 2000

/**
 * --data counts data segment and private anonymous memory, which caps V8, wasm, libvips and onnxruntime alike.
 * --as breaks them, because they reserve address space that they never use.
 * --core and --fsize keep original pixels out of core dumps and temporary files.
 * @param uid user whose threads the kernel counts
 * @param inherited number of descriptors that the child inherits: an image can have hundreds of segments
 */
export function limitArguments(dataBytes: number, uid: number, inherited: number): string[] {
  const hard = hardLimits()
  const least = (name: string, wanted: number) => Math.min(wanted, hard(name))
  return [
    `--data=${least('Max data size', dataBytes)}`,
    '--core=0',
    '--fsize=0',
    `--nofile=${least('Max open files', OPEN_FILES + inherited)}`,
    // The kernel does not hold root to it, so its threads, which are in every process of /proc, are not counted.
    `--nproc=${least('Max processes', uid === 0 ? 8 * MORE_THREADS : threadsOf(uid) + MORE_THREADS)}`,
  ]
}

/**
 * Refuses to run with less memory than a child gets by plan. Otherwise this machine would decide which pictures
 * are analysed: a large picture would be `out-of-memory` in a ledger that another machine fills.
 * @throws TryAgain where the limits of this process are below `dataBytes`
 */
export function requireMemory(dataBytes: number): void {
  const mayBytes = hardLimits()('Max data size')
  if (mayBytes >= dataBytes) return
  const megabytes = (bytes: number) => Math.floor(bytes / 1e6).toLocaleString('en')
  throw new TryAgain(
    `A process may use ${megabytes(mayBytes)} MB of memory here (ulimit -d), and one that decodes is given ${megabytes(dataBytes)} MB: with less, it would depend on this machine what is looked at. Raise the limit, or examine on another machine.`,
    'machine-short',
  )
}

/** Number of threads of all processes of one user. A process that ends during the count is skipped. */
function threadsOf(uid: number): number {
  let threads = 0
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    try {
      if (statSync(`/proc/${name}`).uid === uid)
        threads += threadCount(readFileSync(`/proc/${name}/stat`, 'latin1'))
    } catch (error) {
      if (!GONE.has((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }
  return threads
}

const GONE = new Set(['ENOENT', 'ESRCH'])

/** Field 20 of proc_pid_stat(5); the state, which follows the command's closing parenthesis, is field 3. */
function threadCount(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[20 - 3])
}

/** Hard limits of this process, which only root can raise. */
function hardLimits(): (name: string) => number {
  const text = readFileSync('/proc/self/limits', 'latin1')
  return (name) => {
    const hard = new RegExp(`^${name}\\s+\\S+\\s+(\\d+)`, 'm').exec(text)?.[1]
    return hard === undefined ? Number.POSITIVE_INFINITY : Number(hard)
  }
}
