/**
 * One file read once, in a reader process: opened without following links, checked against the inventory before and
 * after, and either read whole and unchanged or not at all.
 */
import { type BigIntStats, closeSync, fstatSync, readSync, statfsSync } from 'node:fs'
import { errnoOf } from '../base/errno.ts'
import { isScarce, retried } from '../base/scarce.ts'
import type { Detail } from '../contracts/detail.ts'
import type { ReasonCode } from '../contracts/reason.ts'
import type { Sink } from '../wire/content-source.ts'
import { NotRead } from '../wire/not-read.ts'
import type { JobTuple } from '../wire/reader-protocol.ts'
import type { Extractor } from './open-below.ts'

/** Reads a file into memory that has room for one byte more than it. @throws NotRead as {@link readWhole} */
export function readInto(opener: Extractor, job: JobTuple, place: Buffer): number {
  return readWhole(opener, job, place, () => {}, true)
}

/**
 * @param buffer one megabyte or so, used for every chunk
 * @param gather chunks stay where they are: the buffer holds the whole file
 * @returns the number of bytes, which is the size that the inventory has
 * @throws NotRead with the reason that the stage result carries
 */
export function readWhole(
  opener: Extractor,
  job: JobTuple,
  buffer: Buffer,
  sink: Sink,
  gather = false,
): number {
  const fd = open(opener, job)
  try {
    const before = fstatSync(fd, { bigint: true })
    expectSameFile(fd, before, job)
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
      got = retried(
        () => readSync(fd, buffer, at, wanted, offset),
        () => false,
      )
    } catch (error) {
      const detail = { code: 'errno', params: { errno: errnoOf(error), offset } } as const
      throw new NotRead(isScarce(error) ? 'machine-short' : 'io-error', detail, offset)
    }
    if (got > sizeBytes - offset) {
      const detail = { code: 'longer-than-listed', params: { bytes: sizeBytes } } as const
      throw new NotRead('changed-during-read', detail, offset + got)
    }
    if (got > 0) sink(buffer.subarray(at, at + got), offset)
    offset += got
    // At its size and less than asked for: the end. A short read elsewhere is only a short read.
    if (offset === sizeBytes && got < wanted) return offset
    if (got === 0) {
      const detail = { code: 'ends-early', params: { bytes: offset, of: sizeBytes } } as const
      throw new NotRead('changed-during-read', detail, offset)
    }
  }
}

function open(opener: Extractor, job: JobTuple): number {
  try {
    return opener.open(job[0])
  } catch (error) {
    throw notOpened(error)
  }
}

/** Result for a file of the inventory after an error of open(2). */
export function notOpened(error: unknown): NotRead {
  const errno = errnoOf(error)
  return new NotRead(
    OPEN_REASONS[errno] ?? 'cannot-open',
    OPEN_DETAILS[errno] ?? { code: 'errno', params: { errno } },
  )
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
  EMFILE: 'machine-short',
  ENFILE: 'machine-short',
  ENOMEM: 'machine-short',
}

const OPEN_DETAILS: Readonly<Record<string, Detail>> = {
  ELOOP: { code: 'now-symlink', params: {} },
  ENXIO: { code: 'now-special', params: {} },
}

/** @throws NotRead unless the open file is the one that the inventory has */
export function expectSameFile(fd: number, stats: BigIntStats, job: JobTuple): void {
  if (!stats.isFile()) throw changed({ code: 'now-not-regular', params: {} })
  expectSize(Number(stats.size), job)
  expectSame(stats, job, `/proc/self/fd/${fd}`)
}

export function expectSize(opened: number, [, listed]: JobTuple): void {
  if (opened !== listed) throw changed({ code: 'size-when-opened', params: { listed, opened } })
}

/** @param at where its file system can be asked for */
export function expectSame(stats: BigIntStats, [, , modifiedNs, inode]: JobTuple, at: string | Buffer): void {
  if (modifiedNs !== null && String(stats.mtimeNs) !== modifiedNs)
    throw changed({ code: 'modified-before-read', params: {} })
  if (inode !== null && String(stats.ino) !== inode && !numbersInodesFreely(at))
    throw changed({ code: 'inode-when-opened', params: { listed: inode, opened: String(stats.ino) } })
}

function changed(detail: Detail): NotRead {
  return new NotRead('changed-during-read', detail)
}

// FUSE_SUPER_MAGIC (linux/magic.h). Many FUSE file systems hand out inode numbers as they go.
const FUSE = 0x65735546

function numbersInodesFreely(at: string | Buffer): boolean {
  return statfsSync(at).type === FUSE
}

/** @throws NotRead when a file changed between two looks at it */
export function expectUnchanged(before: BigIntStats, after: BigIntStats, bytesRead = 0): void {
  if (after.size !== before.size || after.mtimeNs !== before.mtimeNs || after.ctimeNs !== before.ctimeNs)
    throw new NotRead('changed-during-read', changes(before, after), bytesRead)
}

function changes(before: BigIntStats, after: BigIntStats): Detail {
  if (before.size !== after.size)
    return {
      code: 'size-after-read',
      params: { before: Number(before.size), after: Number(after.size) },
    }
  return before.mtimeNs !== after.mtimeNs
    ? { code: 'modified-during-read', params: {} }
    : { code: 'inode-changed-during-read', params: {} }
}
