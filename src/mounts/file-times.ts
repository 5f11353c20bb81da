/**
 * Resolution and clock of a file system's times. `stat` always shows nanoseconds since 1970, also where
 * the disk holds two-second steps of an unnamed local clock; those numbers are kept as given and never converted.
 */
import type { BigIntStats } from 'node:fs'
import type { EntryTimes, FileTime } from '../contracts/entry.ts'
import { kindOnDevice } from './fuse-kind.ts'
import type { Mount } from './mounts.ts'

type Stamp = Pick<FileTime, 'resolution' | 'zone'>

export interface Clock {
  readonly modified: Stamp
  readonly changed: Stamp
  readonly accessed: Stamp
  readonly born: Stamp
}

export const UTC_NS = uniform('ns', 'utc')
const UTC_100NS = uniform('100ns', 'utc')
const UTC_US = uniform('us', 'utc')
const UTC_S = uniform('s', 'utc')

const CLOCKS: Readonly<Record<string, Clock>> = {
  // Inodes of 128 bytes hold seconds; the driver gives no fraction for them (ext4 disk layout, i_ctime_extra).
  ext2: UTC_S,
  ext3: UTC_S,
  // FAT directory entry: local time, two seconds for modified, ten milliseconds for created, a day for accessed.
  msdos: fat(),
  vfat: fat(),
  // exFAT keeps an offset byte that many writers leave unset, and `stat` does not show which it was.
  exfat: { ...uniform('10ms', 'local-unknown'), accessed: { resolution: '2s', zone: 'local-unknown' } },
  'fuse.exfat': {
    ...uniform('10ms', 'local-unknown'),
    accessed: { resolution: '2s', zone: 'local-unknown' },
  },
  'fuse.fusefat': fat(),
  ntfs: UTC_100NS,
  ntfs3: UTC_100NS,
  'fuse.ntfs-3g': UTC_100NS,
  // Mac OS Standard keeps local time; Mac OS Extended keeps UTC seconds (Apple TN1150).
  hfs: uniform('s', 'local-unknown'),
  hfsplus: UTC_S,
  iso9660: UTC_S,
  udf: UTC_US,
  squashfs: UTC_S,
  'fuse.squashfuse': UTC_S,
  cramfs: UTC_S,
  // A block device through FUSE is NTFS or exFAT or anything: where its first sector does not say, its clock is not
  // known.
  fuseblk: uniform('ns', 'local-unknown'),
}

/** Unknown kernel file systems count as UTC nanoseconds, which `stat` promises. */
export function clockOf({ fileSystem, source }: Pick<Mount, 'fileSystem' | 'source'>): Clock {
  return CLOCKS[fileSystem === 'fuseblk' ? kindOnDevice(source) : fileSystem] ?? UTC_NS
}

export function timesOf(stats: BigIntStats, clock: Clock): EntryTimes {
  return {
    modified: fileTime(stats.mtimeNs, clock.modified),
    changed: fileTime(stats.ctimeNs, clock.changed),
    accessed: fileTime(stats.atimeNs, clock.accessed),
    // Zero is what libuv reports where the file system keeps no birth time (statx without STATX_BTIME).
    born: stats.birthtimeNs === 0n ? null : fileTime(stats.birthtimeNs, clock.born),
  }
}

function fileTime(ns: bigint, stamp: Stamp): FileTime {
  return { ns, source: 'stat', resolution: stamp.resolution, zone: stamp.zone }
}

function uniform(resolution: FileTime['resolution'], zone: FileTime['zone']): Clock {
  const stamp = { resolution, zone }
  return { modified: stamp, changed: stamp, accessed: stamp, born: stamp }
}

function fat(): Clock {
  return {
    modified: { resolution: '2s', zone: 'local-unknown' },
    changed: { resolution: '2s', zone: 'local-unknown' },
    accessed: { resolution: 'day', zone: 'local-unknown' },
    born: { resolution: '10ms', zone: 'local-unknown' },
  }
}
