/**
 * The superblock of ext2, ext3 and ext4, and its backups.
 *
 * Offsets are those of the kernel's `struct ext4_super_block` (Documentation/filesystems/ext4). Every value is bounded
 * before use: an impossible block size or count makes the superblock unusable, and a backup is tried.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { crc32c } from '../../../../hash/crc32c.ts'

const SUPERBLOCK_BYTES = 1024
const MAGIC = 0xef53

export const COMPAT = { journal: 0x4, sparseSuper2: 0x200, fastCommit: 0x400, orphanFile: 0x1000 } as const
export const INCOMPAT = {
  compression: 0x1,
  fileType: 0x2,
  recover: 0x4,
  journalDevice: 0x8,
  metaBlockGroups: 0x10,
  extents: 0x40,
  bits64: 0x80,
  flexBlockGroups: 0x200,
  checksumSeed: 0x2000,
  largeDirectory: 0x4000,
  inlineData: 0x8000,
  encrypt: 0x10000,
} as const
/** All features that the kernel defines (ext4.h, 6.12); others are reported. */
const INCOMPAT_KNOWN = 0x3f7df
export const RO_COMPAT = {
  sparseSuper: 0x1,
  groupChecksum: 0x10,
  bigAllocation: 0x200,
  metadataChecksum: 0x400,
} as const

export interface Superblock {
  readonly inodes: number
  readonly blocks: number
  readonly firstDataBlock: number
  readonly blockBytes: number
  /** Blocks a cluster; 1 without bigalloc. */
  readonly clusterBlocks: number
  readonly blocksPerGroup: number
  readonly clustersPerGroup: number
  readonly inodesPerGroup: number
  readonly groups: number
  readonly inodeBytes: number
  readonly descriptorBytes: number
  readonly firstInode: number
  readonly compat: number
  readonly incompat: number
  readonly roCompat: number
  readonly firstMetaGroup: number
  readonly reservedDescriptorBlocks: number
  readonly backupGroups: readonly [number, number]
  readonly journalInode: number
  readonly externalJournal: boolean
  /** Copy of the journal's block area (60 bytes), high and low word of its size; null: none. */
  readonly journalBlocks: Buffer | null
  /** The volume was not unmounted, so its journal must be replayed. Backups do not store it; with them it may be so. */
  readonly recover: boolean
  /** Inodes of the file system itself besides those below `firstInode`. */
  readonly hiddenInodes: readonly number[]
  readonly checksumSeed: number
  readonly uuid: Buffer
  readonly label: Buffer
  readonly lastMounted: Buffer
  readonly createdSeconds: number
  readonly mountedSeconds: number
  readonly writtenSeconds: number
  readonly state: number
  readonly errors: number
  readonly mounts: number
  readonly unknownIncompat: number
}

export type SuperblockProblem = 'superblock-checksum' | 'superblock-damaged-backup-used' | 'feature-unknown'

export const has = (features: number, flag: number): boolean => (features & flag) !== 0

/** The superblock to use, or the code of the reason why there is none. */
export function findSuperblock(
  volume: Medium,
): { superblock: Superblock; problems: SuperblockProblem[] } | { unusable: string } {
  const primary = superblockAt(volume, SUPERBLOCK_BYTES)
  const sound = typeof primary !== 'string' && primary.checksumAgrees
  if (sound) return { superblock: primary, problems: unknownFeatures(primary) }
  for (const backup of backups(volume)) {
    if (typeof primary !== 'string' && !primary.uuid.equals(backup.uuid)) continue
    return {
      superblock: backup,
      problems: ['superblock-damaged-backup-used', ...unknownFeatures(backup)],
    }
  }
  if (typeof primary === 'string') return { unusable: primary }
  return { superblock: primary, problems: ['superblock-checksum', ...unknownFeatures(primary)] }
}

const unknownFeatures = (superblock: Superblock): SuperblockProblem[] =>
  superblock.unknownIncompat !== 0 ? ['feature-unknown'] : []

/** True where the beginning of the volume is ext, or is empty and a sound backup is ext. */
export function looksLikeExt(volume: Medium): boolean {
  const bytes = Buffer.alloc(2 * SUPERBLOCK_BYTES)
  if (volume.readInto(bytes, 0) < bytes.length) return false
  if (bytes.readUInt16LE(1024 + 56) === MAGIC) return true
  // A wiped or damaged beginning: a new format leaves a part of the new file system there.
  const wiped = bytes.every((byte) => byte === 0)
  if (!wiped) return backups(volume).some((backup) => bytes.subarray(1024).includes(backup.uuid))
  const btrfs = Buffer.alloc(8)
  volume.readInto(btrfs, 65_600)
  return btrfs.toString('latin1') !== '_BHRfS_M' && backups(volume).length > 0
}

/** By a backup alone, for a volume that is not recognised otherwise. */
export function hasBackup(volume: Medium): boolean {
  return backups(volume).length > 0
}

/** Sound backups, from the group after the first: one for each block size that has one there. */
function backups(volume: Medium): Superblock[] {
  const found: Superblock[] = []
  for (let blockBytes = 1024; blockBytes <= 65_536; blockBytes *= 2) {
    // Group 1 begins after as many blocks as a one-block bitmap has bits; with 1 KiB blocks the first block is number
    // 1.
    const offset = 8 * blockBytes * blockBytes + (blockBytes === 1024 ? 1024 : 0)
    const backup = superblockAt(volume, offset)
    if (typeof backup !== 'string' && backup.blockBytes === blockBytes && backup.checksumAgrees) {
      found.push(backup)
    }
  }
  return found
}

/** @returns the superblock at a byte offset, or the code of its fault */
function superblockAt(volume: Medium, offset: number): (Superblock & { checksumAgrees: boolean }) | string {
  const bytes = Buffer.alloc(SUPERBLOCK_BYTES)
  if (volume.readInto(bytes, offset) < bytes.length) return 'superblock-missing'
  if (bytes.readUInt16LE(56) !== MAGIC) return 'superblock-missing'
  const u32 = (at: number) => bytes.readUInt32LE(at)
  const incompat = u32(96)
  const roCompat = u32(100)
  if (has(incompat, INCOMPAT.journalDevice)) return 'journal-device'
  const logBlock = u32(24)
  if (logBlock > 6) return 'block-size'
  const blockBytes = 1024 << logBlock
  const bigAllocation = has(roCompat, RO_COMPAT.bigAllocation)
  const logCluster = bigAllocation ? u32(28) : logBlock
  if (logCluster < logBlock || logCluster > 19) return 'cluster-size'
  const clusterBlocks = 2 ** (logCluster - logBlock)
  const blocksPerGroup = u32(32)
  const clustersPerGroup = bigAllocation ? u32(36) : blocksPerGroup
  if (
    clustersPerGroup === 0 ||
    clustersPerGroup > 8 * blockBytes ||
    blocksPerGroup !== clustersPerGroup * clusterBlocks
  ) {
    return 'blocks-per-group'
  }
  const inodesPerGroup = u32(40)
  if (inodesPerGroup === 0 || inodesPerGroup > 8 * blockBytes) return 'inodes-per-group'
  const revision = u32(76)
  const inodeBytes = revision === 0 ? 128 : bytes.readUInt16LE(88)
  if (inodeBytes < 128 || inodeBytes > blockBytes || (inodeBytes & (inodeBytes - 1)) !== 0)
    return 'inode-size'
  const bits64 = has(incompat, INCOMPAT.bits64)
  const descriptorBytes = bits64 ? bytes.readUInt16LE(254) : 32
  if (
    descriptorBytes < (bits64 ? 64 : 32) ||
    descriptorBytes > 1024 ||
    (descriptorBytes & (descriptorBytes - 1)) !== 0
  ) {
    return 'descriptor-size'
  }
  const blocks = u32(4) + (bits64 ? u32(336) * 2 ** 32 : 0)
  const firstDataBlock = u32(20)
  if (firstDataBlock > 1 || blocks <= firstDataBlock || blocks * blockBytes > Number.MAX_SAFE_INTEGER) {
    return 'block-count'
  }
  const groups = Math.ceil((blocks - firstDataBlock) / blocksPerGroup)
  const inodes = u32(0)
  if (inodes !== groups * inodesPerGroup) return 'inode-count'
  const uuid = Buffer.from(bytes.subarray(104, 120))
  const checksummed = has(roCompat, RO_COMPAT.metadataChecksum)
  return {
    inodes,
    blocks,
    firstDataBlock,
    blockBytes,
    clusterBlocks,
    blocksPerGroup,
    clustersPerGroup,
    inodesPerGroup,
    groups,
    inodeBytes,
    descriptorBytes,
    firstInode: revision === 0 ? 11 : Math.max(11, u32(84)),
    compat: u32(92),
    incompat,
    roCompat,
    firstMetaGroup: u32(260),
    reservedDescriptorBlocks: bytes.readUInt16LE(206),
    backupGroups: [u32(588), u32(592)],
    journalInode: u32(224),
    externalJournal: u32(224) === 0 && has(u32(92), COMPAT.journal),
    journalBlocks: bytes[253] === 1 ? Buffer.from(bytes.subarray(268, 336)) : null,
    recover: has(incompat, INCOMPAT.recover) || (offset !== SUPERBLOCK_BYTES && has(u32(92), COMPAT.journal)),
    hiddenInodes: [u32(576), u32(580), u32(620), has(u32(92), COMPAT.orphanFile) ? u32(640) : 0].filter(
      (inode) => inode !== 0,
    ),
    checksumSeed: has(incompat, INCOMPAT.checksumSeed) ? u32(624) : crc32c(0xffffffff, uuid),
    uuid,
    label: Buffer.from(untilZero(bytes.subarray(120, 136))),
    lastMounted: Buffer.from(untilZero(bytes.subarray(136, 200))),
    createdSeconds: u32(264),
    mountedSeconds: u32(44),
    writtenSeconds: u32(48),
    state: bytes.readUInt16LE(58),
    errors: u32(404),
    mounts: bytes.readUInt16LE(52),
    unknownIncompat: incompat & ~INCOMPAT_KNOWN,
    checksumAgrees: !checksummed || crc32c(0xffffffff, bytes.subarray(0, 1020)) === u32(1020),
  }
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}
