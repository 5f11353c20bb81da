/** One directory on the way from the root to the current position of the walk. */
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
  /** Directories that are listed but not entered yet. The last one on the stack comes first in path order. */
  readonly pending: Frame[]
  /** Null: closed to save descriptors, or no longer there. */
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
