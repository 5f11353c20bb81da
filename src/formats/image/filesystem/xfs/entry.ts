/** Makes an entry from an inode, or from a name alone. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { EMPTY } from './content.ts'
import type { Dirent } from './directory.ts'
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

const NO_TIMES: VolumeEntry['times'] = {
  modifiedNs: null,
  changedNs: null,
  accessedNs: null,
  bornNs: null,
  resolution: { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' },
  zone: 'utc',
}

const DIRENT_KINDS: readonly VolumeEntry['kind'][] = [
  'unknown',
  'file',
  'directory',
  'character-device',
  'block-device',
  'fifo',
  'socket',
  'symlink',
]

export const kindOf = ({ type }: Dirent): VolumeEntry['kind'] => DIRENT_KINDS[type] ?? 'unknown'

export function ofName(
  path: readonly Buffer[],
  dirent: Dirent,
): Omit<VolumeEntry, 'status' | 'basis' | 'place' | 'notes'> {
  return {
    path,
    stream: null,
    kind: kindOf(dirent),
    record: Math.max(0, dirent.inode),
    sequence: null,
    links: null,
    sizeBytes: 0,
    allocatedBytes: null,
    times: NO_TIMES,
    nameTimes: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
  }
}

/** A name whose inode is unused or unreadable. */
export function lostEntry(
  path: readonly Buffer[],
  dirent: Dirent,
  inode: Inode | null,
  status: 'live' | 'orphan',
  notes: readonly string[],
): VolumeEntry {
  const kind = kindOf(dirent)
  return {
    ...ofName(path, dirent),
    status,
    basis: status === 'live' ? null : 'inode',
    place:
      kind === 'file' || kind === 'unknown'
        ? { kind: 'none', reason: 'damaged', detail: inode ? 'inode-unused' : 'inode-missing' }
        : EMPTY,
    notes: ['entry-of-unused-inode', ...notes],
  }
}
