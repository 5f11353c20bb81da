/**
 * A file of the exhibit held open for a decoding child, compared with the inventory before it is passed on and
 * again afterwards.
 *
 * The main process opens it, because a child inherits descriptors only from the process that starts it. Every
 * call runs in the thread pool under a deadline: a mount that does not answer costs one thread, not the run.
 */
import { type BigIntStats, constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { type ByteString, bytesOf } from '../../base/byte-string.ts'
import { errnoOf } from '../../base/errno.ts'
import { retriedLater } from '../../base/scarce.ts'
import type { PendingRead } from '../../contracts/ledger.ts'
import { notDone, type StageResult } from '../../contracts/stage.ts'
import { OPEN_DIRECTORY, OPEN_FILE, OPEN_ROOT } from '../../mounts/open-below.ts'
import { streamFileOf } from '../../mounts/read-attribute.ts'
import { expectSameFile, expectUnchanged, notOpened } from '../../mounts/read-file.ts'
import { NotRead } from '../../wire/not-read.ts'
import type { Lent } from '../../wire/passed-content.ts'
import { jobTuple } from '../../wire/reader-protocol.ts'

export interface HeldFile {
  readonly lent: Lent
  /** Closes the file. @returns null when the file is unchanged since it was opened, else the reason */
  release(): Promise<StageResult | null>
}

/** @param stallMs milliseconds that the file system may take to answer */
export async function holdFile(
  root: ByteString,
  job: PendingRead,
  stallMs: number,
): Promise<HeldFile | StageResult> {
  const tuple = jobTuple(job)
  const opening = openBelow(root, streamFileOf(tuple[0]))
  const opened = await inTime(
    async () => {
      const file = await opening
      const before = await file.stat({ bigint: true })
      expectSameFile(file.fd, before, tuple)
      return { file, before }
    },
    stallMs,
    () => close(opening),
  )
  return 'result' in opened ? opened : held(opened.file, opened.before, stallMs)
}

function held(file: FileHandle, before: BigIntStats, stallMs: number): HeldFile {
  const release = async () => {
    const still = await inTime(
      async () => {
        expectUnchanged(before, await file.stat({ bigint: true }))
        return null
      },
      stallMs,
      () => {},
    )
    close(Promise.resolve(file))
    return still
  }
  return { lent: { descriptors: [file.fd], content: { kind: 'file' } }, release }
}

async function openBelow(root: ByteString, path: ByteString): Promise<FileHandle> {
  try {
    return await retriedLater(() => openByComponents(root, path.split('/')))
  } catch (error) {
    throw notOpened(error)
  }
}

/** Never through a symbolic link. */
async function openByComponents(root: ByteString, names: readonly ByteString[]): Promise<FileHandle> {
  let directory = await open(bytesOf(root), OPEN_ROOT)
  try {
    for (const name of names.slice(0, -1)) {
      const next = await open(below(directory, name), OPEN_DIRECTORY)
      close(Promise.resolve(directory))
      directory = next
    }
    return await openFile(below(directory, names.at(-1) as string))
  } finally {
    close(Promise.resolve(directory))
  }
}

async function openFile(at: Buffer): Promise<FileHandle> {
  try {
    return await open(at, OPEN_FILE | constants.O_NOATIME)
  } catch (error) {
    // Only the owner or root may keep the access time unchanged (O_NOATIME). The read that hashed the file has
    // reported it.
    if (errnoOf(error) !== 'EPERM') throw error
    return open(at, OPEN_FILE)
  }
}

function below(directory: FileHandle, name: ByteString): Buffer {
  return bytesOf(`/proc/self/fd/${directory.fd}/${name}`)
}

/** @param otherwise called when the work failed or is late */
async function inTime<T>(
  work: () => Promise<T>,
  stallMs: number,
  otherwise: () => void,
): Promise<T | StageResult> {
  const over = new AbortController()
  const late = wait(stallMs, 'late' as const, { signal: over.signal })
  // Ends by being aborted when the work is in time.
  late.catch(() => {})
  try {
    const done = await Promise.race([work(), late])
    if (done !== 'late') return done
    otherwise()
    return notDone('read-stalled', { code: 'silent', params: { seconds: Math.round(stallMs / 1000) } })
  } catch (error) {
    otherwise()
    return error instanceof NotRead
      ? notDone(error.reason, error.detail)
      : notDone('io-error', { code: 'errno', params: { errno: errnoOf(error) } })
  } finally {
    over.abort()
  }
}

/** Closes the file whenever opening it ends. An error of closing a file that was only read is of no interest. */
function close(file: Promise<FileHandle>): void {
  file.then((handle) => handle.close()).catch(() => {})
}
