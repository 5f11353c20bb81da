/** Entries of which only a name is known: the inode is unused, unreadable, or another file's by now. */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { TimeResolution } from '../../../../contracts/volume-times.ts'

/** Kinds by the number that a name has beside it: the same in ext, XFS, Btrfs and F2FS. */
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

export const direntKind = (type: number): VolumeEntry['kind'] => DIRENT_KINDS[type] ?? 'unknown'

type NameOnly = Omit<VolumeEntry, 'status' | 'basis' | 'place' | 'notes'>

/**
 * @param record number of the inode; negative: a number that no inode has
 * @param resolution of the times that the file system would store
 */
export function nameOnly(
  path: readonly Buffer[],
  kind: VolumeEntry['kind'],
  record: number,
  resolution: TimeResolution = 'ns',
): NameOnly {
  return {
    path,
    stream: null,
    kind,
    record: Math.max(0, record),
    sequence: null,
    links: null,
    sizeBytes: 0,
    allocatedBytes: null,
    times: {
      modifiedNs: null,
      changedNs: null,
      accessedNs: null,
      bornNs: null,
      resolution: { modified: resolution, changed: resolution, accessed: resolution, born: resolution },
      zone: 'utc',
    },
    nameTimes: null,
    mode: null,
    uid: null,
    gid: null,
    linkTarget: null,
  }
}

/** Place of a name's content: what is no file has none, and a file's is lost. @param detail why */
export function lostPlace(kind: VolumeEntry['kind'], detail: string): VolumeEntry['place'] {
  return kind === 'file' || kind === 'unknown'
    ? { kind: 'none', reason: 'damaged', detail }
    : { kind: 'runs', runs: [], validBytes: 0 }
}

/** A name in a directory whose inode is unused or unreadable. */
export function lostEntry(
  named: NameOnly,
  status: 'live' | 'orphan',
  isUnused: boolean,
  notes: readonly string[],
): VolumeEntry {
  return {
    ...named,
    status,
    basis: status === 'live' ? null : 'inode',
    place: lostPlace(named.kind, isUnused ? 'inode-unused' : 'inode-missing'),
    notes: ['entry-of-unused-inode', ...notes],
  }
}
