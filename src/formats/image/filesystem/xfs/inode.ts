/**
 * Inodes: place, fields, times.
 * @see Linux fs/xfs/libxfs/xfs_format.h, struct xfs_dinode
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { VolumeTimes } from '../../../../contracts/volume-times.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import { plausibleNs } from '../common/plausible-time.ts'
import type { Blocks } from './blocks.ts'
import { checksumAgrees, number, placeOf, type Superblock } from './superblock.ts'

const MAGIC = 0x494e
const REALTIME = 1
const BIG_TIME = 8
const MANY_EXTENTS = 16

/** What the data fork holds: the bytes themselves, extents, or the root of a tree of extents. */
export type ForkForm = 'device' | 'local' | 'extents' | 'tree' | 'unknown'

export interface Inode {
  readonly number: number
  readonly kind: VolumeEntry['kind']
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly links: number
  readonly sizeBytes: number
  readonly allocatedBytes: number
  readonly generation: number
  readonly times: VolumeTimes
  readonly form: ForkForm
  /** Extents of the data fork, as stated. */
  readonly extents: number
  readonly fork: Buffer
  /** Byte offset of the data fork on the volume. */
  readonly forkAt: number
  readonly isRealtime: boolean
  readonly checksumAgrees: boolean
}

/** Byte offset of an inode on the volume; null: no block of the volume has such a number. */
export function inodeOffset(superblock: Superblock, inode: number): number | null {
  const { inodesPerBlockBits, blockBytes, inodeBytes } = superblock
  if (inode < 0) return null
  const place = placeOf(superblock, Math.floor(inode / 2 ** inodesPerBlockBits))
  if (place === null) return null
  return place * blockBytes + (inode % 2 ** inodesPerBlockBits) * inodeBytes
}

/** @returns null when no inode is there */
export function readInode(superblock: Superblock, blocks: Blocks, inode: number): Inode | null {
  const at = inodeOffset(superblock, inode)
  const raw = at === null ? null : blocks.read(at, superblock.inodeBytes)
  if (at === null || raw === null || raw.readUInt16BE(0) !== MAGIC) return null
  const version = raw[4]!
  const hasChecksum = version >= 3
  const forkFrom = hasChecksum ? 176 : 100
  const forkEnd = raw[82] === 0 ? raw.length : Math.min(raw.length, forkFrom + raw[82]! * 8)
  const mode = raw.readUInt16BE(2)
  const flags2 = hasChecksum ? raw.readUInt32BE(124) : 0
  return {
    number: inode,
    kind: MODE_KINDS[mode >>> 12] ?? 'unknown',
    mode,
    uid: raw.readUInt32BE(8),
    gid: raw.readUInt32BE(12),
    links: version === 1 ? raw.readUInt16BE(6) : raw.readUInt32BE(16),
    sizeBytes: number(raw, 56),
    allocatedBytes: number(raw, 64) * superblock.blockBytes,
    generation: raw.readUInt32BE(92),
    times: timesOf(raw, hasChecksum, (flags2 & BIG_TIME) !== 0),
    form: FORMS[raw[5]!] ?? 'unknown',
    extents: (flags2 & MANY_EXTENTS) !== 0 ? number(raw, 24) : raw.readUInt32BE(76),
    fork: raw.subarray(forkFrom, forkEnd),
    forkAt: at + forkFrom,
    isRealtime: (raw.readUInt16BE(90) & REALTIME) !== 0,
    checksumAgrees: !hasChecksum || (checksumAgrees(raw, 100) && number(raw, 152) === inode),
  }
}

const FORMS: readonly ForkForm[] = ['device', 'local', 'extents', 'tree']

const NS = 1_000_000_000n
/** Big times count nanoseconds from the earliest time of 32 bits. */
const BIG_TIME_ORIGIN = 2n ** 31n * NS

function timesOf(raw: Buffer, hasBirth: boolean, isBig: boolean): VolumeTimes {
  const time = (at: number): bigint | null =>
    plausibleNs(
      isBig
        ? raw.readBigUInt64BE(at) - BIG_TIME_ORIGIN
        : BigInt(raw.readInt32BE(at)) * NS + BigInt(raw.readUInt32BE(at + 4)),
    )
  return {
    accessedNs: time(32),
    modifiedNs: time(40),
    changedNs: time(48),
    bornNs: hasBirth ? time(144) : null,
    resolution: { modified: 'ns', changed: 'ns', accessed: 'ns', born: 'ns' },
    zone: 'utc',
  }
}
