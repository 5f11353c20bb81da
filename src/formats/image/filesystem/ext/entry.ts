/** Makes an entry from an inode, or from a name alone. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { EMPTY } from './content.ts'
import type { Dirent } from './directory.ts'
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

const NO_TIMES: VolumeEntry['times'] = {
  modifiedNs: null,
  changedNs: null,
  accessedNs: null,
  bornNs: null,
  resolution: { modified: 's', changed: 's', accessed: 's', born: 's' },
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

/** Only a name: its inode is not that of the name any more, or cannot be read. */
export function nameOnly(
  path: readonly Buffer[],
  dirent: Dirent,
): Omit<VolumeEntry, 'status' | 'basis' | 'place' | 'notes'> {
  return {
    path,
    stream: null,
    kind: DIRENT_KINDS[dirent.type] ?? 'unknown',
    record: dirent.inode,
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
  note: string | null,
): VolumeEntry {
  const named = nameOnly(path, dirent)
  return {
    ...named,
    status,
    basis: status === 'live' ? null : 'inode',
    place:
      named.kind === 'file' || named.kind === 'unknown'
        ? { kind: 'none', reason: 'damaged', detail: inode ? 'inode-unused' : 'inode-missing' }
        : EMPTY,
    notes: ['entry-of-unused-inode', ...(note === null ? [] : [note])],
  }
}
