/**
 * One file read once, in a reader process: opened without following links, checked against the inventory before and
 * after, and either read whole and unchanged or not at all.
 */
import { type BigIntStats, closeSync, fstatSync, readSync, statfsSync } from 'node:fs'
import { errnoOf } from '../../base/errno.ts'
import type { ReasonCode } from '../../base/reasons.ts'
import type { Opener } from './open-below.ts'
import type { JobTuple } from './reader-protocol.ts'

/** Why a file was not read; `bytesRead` bytes of it were. */
export class NotRead extends Error {
  readonly reason: ReasonCode
  readonly bytesRead: number
  constructor(reason: ReasonCode, detail: string, bytesRead = 0) {
    super(detail)
    this.reason = reason
    this.bytesRead = bytesRead
  }
}

/** Where chunks of one file go. A chunk's buffer is filled again after the call. */
export type Sink = (chunk: Buffer, offset: number) => void

/** Reads a file into memory that has room for one byte more than it. @throws NotRead as {@link readWhole} */
export function readInto(opener: Opener, job: JobTuple, place: Buffer): number {
  return readWhole(opener, job, place, () => {}, true)
}

/**
 * @param buffer one megabyte or so, used for every chunk
 * @param gather chunks stay where they are: the buffer holds the whole file
 * @returns the number of bytes, which is the size that the inventory has
 * @throws NotRead with the reason that the stage result carries
 */
export function readWhole(opener: Opener, job: JobTuple, buffer: Buffer, sink: Sink, gather = false): number {
  const fd = open(opener, job)
  try {
    const before = fstatSync(fd, { bigint: true })
    expectSame(fd, before, job)
    const total = readAll(fd, job[1], buffer, sink, gather)
    const after = fstatSync(fd, { bigint: true })
    expectUnchanged(before, after, total)
    return total
  } finally {
    closeSync(fd)
  }
}

function readAll(fd: number, sizeBytes: number, buffer: Buffer, sink: Sink, gather: boolean): number {
  let offset = 0
  for (;;) {
    // One byte more than expected, so that a file that grew is seen.
    const at = gather ? offset : 0
    const wanted = Math.min(buffer.length - at, sizeBytes - offset + 1)
    let got: number
    try {
      got = readSync(fd, buffer, at, wanted, offset)
    } catch (error) {
      throw new NotRead('io-error', `${errnoOf(error)} at offset ${offset}`, offset)
    }
    if (got > sizeBytes - offset)
      throw new NotRead('changed-during-read', `longer than its ${sizeBytes} bytes`, offset + got)
    if (got > 0) sink(buffer.subarray(at, at + got), offset)
    offset += got
    // At its size and less than asked for: the end. A short read elsewhere is only a short read.
    if (offset === sizeBytes && got < wanted) return offset
    if (got === 0)
      throw new NotRead('changed-during-read', `ends after ${offset} of ${sizeBytes} bytes`, offset)
  }
}

function open(opener: Opener, job: JobTuple): number {
  try {
    return opener.open(job[0])
  } catch (error) {
    throw notOpened(error)
  }
}

/** What an error of open(2) means for a file that the inventory has. */
export function notOpened(error: unknown): NotRead {
  const errno = errnoOf(error)
  return new NotRead(OPEN_REASONS[errno] ?? 'cannot-open', OPEN_DETAILS[errno] ?? errno)
}

const OPEN_REASONS: Readonly<Record<string, ReasonCode>> = {
  ENOENT: 'vanished',
  ENOTDIR: 'vanished',
  ESTALE: 'vanished',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  EIO: 'io-error',
  EBADMSG: 'io-error',
  EUCLEAN: 'io-error',
  ENOTCONN: 'io-error',
  ELOOP: 'changed-during-read',
  ENXIO: 'changed-during-read',
}

const OPEN_DETAILS: Readonly<Record<string, string>> = {
  ELOOP: 'a symbolic link stands where a file was',
  ENXIO: 'a socket or FIFO stands where a file was',
}

/** @throws NotRead unless the open file is the one that the inventory has */
export function expectSame(fd: number, stats: BigIntStats, job: JobTuple): void {
  const [, sizeBytes, modifiedNs, inode] = job
  if (!stats.isFile()) throw new NotRead('changed-during-read', 'no longer a regular file')
  if (Number(stats.size) !== sizeBytes)
    throw new NotRead('changed-during-read', `${sizeBytes} bytes at inventory, ${stats.size} when opened`)
  if (modifiedNs !== null && String(stats.mtimeNs) !== modifiedNs)
    throw new NotRead('changed-during-read', 'modified between inventory and read')
  if (inode !== null && String(stats.ino) !== inode && !numbersInodesFreely(fd))
    throw new NotRead('changed-during-read', `inode ${inode} at inventory, ${stats.ino} when opened`)
}

// FUSE_SUPER_MAGIC (linux/magic.h). Many FUSE file systems hand out inode numbers as they go.
const FUSE = 0x65735546

function numbersInodesFreely(fd: number): boolean {
  return statfsSync(`/proc/self/fd/${fd}`).type === FUSE
}

/** @throws NotRead when a file changed between two looks at it */
export function expectUnchanged(before: BigIntStats, after: BigIntStats, bytesRead = 0): void {
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs)
    throw new NotRead('changed-during-read', changes(before, after), bytesRead)
}

function changes(before: BigIntStats, after: BigIntStats): string {
  if (before.size !== after.size) return `${before.size} bytes before the read, ${after.size} after it`
  return before.mtimeNs !== after.mtimeNs
    ? 'modified while it was read'
    : 'its inode changed while it was read'
}
