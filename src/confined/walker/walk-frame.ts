/** One directory on the way from the root to where the walk is. */
import { type BigIntStats, closeSync } from 'node:fs'
import type { ByteString } from '../../base/byte-string.ts'
import { type FolderClass, folderClass } from '../../media-types/priority-class.ts'
import type { Clock } from '../../mounts/file-times.ts'
import type { Names } from './listing.ts'

export interface Frame {
  readonly path: ByteString
  readonly name: ByteString
  readonly device: bigint
  readonly inode: bigint
  readonly clock: Clock
  readonly folder: FolderClass
  readonly names: Names
  next: number
  /** Listed, entered later: each sorts after the one below it on this stack is still to come. */
  readonly pending: Frame[]
  /** Null: closed to keep few descriptors open, or gone. */
  fd: number | null
}

export function newFrame(
  path: ByteString,
  name: ByteString,
  stats: BigIntStats,
  clock: Clock,
  names: Names,
  fd: number,
): Frame {
  return {
    path,
    name,
    device: stats.dev,
    inode: stats.ino,
    clock,
    folder: folderClass(path),
    names,
    next: 0,
    pending: [],
    fd,
  }
}

export function closeFrame(frame: Frame): void {
  if (frame.fd !== null) closeSync(frame.fd)
  frame.fd = null
}
