/** Makes an entry from an inode. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { Inode } from './inode.ts'

type OfInode = Omit<VolumeEntry, 'status' | 'basis' | 'sizeBytes' | 'linkTarget' | 'place' | 'notes'>

export function ofInode(inode: Inode, path: readonly Buffer[]): OfInode {
  const isDevice = inode.kind === 'block-device' || inode.kind === 'character-device'
  return {
    path,
    stream: null,
    kind: inode.kind,
    record: inode.number,
    sequence: inode.generation,
    links: inode.links,
    allocatedBytes: isDevice ? 0 : Math.max(0, inode.allocatedBytes),
    times: inode.times,
    nameTimes: null,
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
  }
}
