/** Makes an entry from an inode. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { Inode } from './inode.ts'
import { timesOf } from './times.ts'

/** Fields of an entry that come from its inode alone. */
export function identity(
  inode: Inode,
  path: readonly Buffer[],
): Omit<VolumeEntry, 'status' | 'basis' | 'sizeBytes' | 'linkTarget' | 'place' | 'notes'> {
  return {
    path,
    stream: null,
    kind: inode.kind,
    record: inode.number,
    sequence: inode.generation,
    links: inode.links,
    allocatedBytes: inode.allocatedBytes,
    times: timesOf(inode.raw),
    nameTimes: null,
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
  }
}
