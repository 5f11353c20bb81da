/**
 * Superblock of XFS and what follows from it: addresses of blocks and inodes.
 *
 * Numbers are big-endian, checksums little-endian CRC-32C with their own field as zeros.
 *
 * @see "XFS Algorithms & Data Structures", 3rd edition, chapter "Allocation Groups"; Linux fs/xfs/libxfs/xfs_format.h
 */
import type { Medium } from '../../../../contracts/image.ts'
import { crc32c } from '../../../../hash/crc32c.ts'

export const INCOMPAT = {
  fileType: 1,
  sparseInodes: 2,
  metaUuid: 4,
  bigTime: 8,
  needsRepair: 16,
  manyExtents: 32,
  exchangeRange: 64,
  parents: 128,
} as const
/** Features that change nothing that is read here. */
const KNOWN_INCOMPAT = 0xff
const V4_FILE_TYPE = 0x200
const DIRECTORIES_2 = 0x2000

export interface Superblock {
  /** 4, or 5 with checksums. */
  readonly version: 4 | 5
  readonly blockBytes: number
  readonly sectorBytes: number
  readonly blocks: number
  readonly groupBlocks: number
  readonly groups: number
  /** Bits of a block's number inside its group; of an inode's number inside its block. */
  readonly groupBlockBits: number
  readonly inodesPerBlockBits: number
  readonly inodeBytes: number
  readonly directoryBlockBytes: number
  /** First block of the log; 0: the log is on another device. */
  readonly logStart: number
  readonly logBlocks: number
  readonly rootInode: number
  /** Inodes of the file system itself: maps of realtime space, quotas. */
  readonly ownInodes: readonly number[]
  readonly label: string
  readonly uuid: Buffer
  /** Stored in each block with a checksum. */
  readonly metaUuid: Buffer
  readonly hasFileTypes: boolean
  readonly incompat: number
  readonly roCompat: number
  readonly stated: { readonly inodes: number; readonly freeBlocks: number }
}

/** Code of what makes the bytes unusable, or the superblock and whether its checksum agrees. */
export type Parsed =
  | { readonly unusable: string }
  | { readonly superblock: Superblock; readonly agrees: boolean }

const MAGIC = 0x58465342

export function looksLikeXfs(volume: Medium): boolean {
  const head = Buffer.alloc(4)
  return volume.readInto(head, 0) === 4 && head.readUInt32BE(0) === MAGIC
}

/** @param at byte offset of a superblock: 0, or the start of a group */
export function readSuperblock(volume: Medium, at: number): Parsed {
  const raw = Buffer.alloc(512)
  if (volume.readInto(raw, at) < 512 || raw.readUInt32BE(0) !== MAGIC) return { unusable: 'magic' }
  const blockBytes = raw.readUInt32BE(4)
  const sectorBytes = raw.readUInt16BE(102)
  const inodeBytes = raw.readUInt16BE(104)
  const version = raw.readUInt16BE(100) & 15
  const [blockBits, inodeBits, inodesPerBlockBits, groupBlockBits] = [120, 122, 123, 124].map(
    (field) => raw[field]!,
  ) as [number, number, number, number]
  if (version !== 4 && version !== 5) return { unusable: 'version-unknown' }
  if ((raw.readUInt16BE(100) & DIRECTORIES_2) === 0) return { unusable: 'directories-of-version-1' }
  const blocks = number(raw, 8)
  const groupBlocks = raw.readUInt32BE(84)
  const groups = raw.readUInt32BE(88)
  const directoryBits = raw[192]!
  const sound =
    power(blockBytes, 512, 65_536) &&
    power(sectorBytes, 512, 32_768) &&
    power(inodeBytes, 256, 2048) &&
    2 ** blockBits === blockBytes &&
    2 ** inodeBits === inodeBytes &&
    inodesPerBlockBits === blockBits - inodeBits &&
    groupBlocks > 0 &&
    groupBlocks <= 2 ** groupBlockBits &&
    groupBlockBits <= 31 &&
    groups > 0 &&
    Number.isSafeInteger(blocks * blockBytes) &&
    blocks > (groups - 1) * groupBlocks &&
    blocks <= groups * groupBlocks &&
    blockBytes * 2 ** directoryBits <= 65_536
  if (!sound) return { unusable: 'geometry' }
  const incompat = version === 5 ? raw.readUInt32BE(216) : 0
  if ((incompat & ~KNOWN_INCOMPAT) !== 0) return { unusable: 'features-unknown' }
  const features2 = raw.readUInt32BE(200)
  const uuid = Buffer.from(raw.subarray(32, 48))
  const superblock: Superblock = {
    version,
    blockBytes,
    sectorBytes,
    blocks,
    groupBlocks,
    groups,
    groupBlockBits,
    inodesPerBlockBits,
    inodeBytes,
    directoryBlockBytes: blockBytes * 2 ** directoryBits,
    logStart: number(raw, 48),
    logBlocks: raw.readUInt32BE(96),
    rootInode: number(raw, 56),
    ownInodes: [64, 72, 160, 168, ...(version === 5 ? [232] : [])].map((field) => number(raw, field)),
    label: raw.subarray(108, 120).toString('utf8').replace(/\0.*$/s, ''),
    uuid,
    metaUuid: (incompat & INCOMPAT.metaUuid) === 0 ? uuid : Buffer.from(raw.subarray(248, 264)),
    hasFileTypes: version === 5 ? (incompat & INCOMPAT.fileType) !== 0 : (features2 & V4_FILE_TYPE) !== 0,
    incompat,
    roCompat: version === 5 ? raw.readUInt32BE(212) : 0,
    stated: { inodes: number(raw, 128), freeBlocks: number(raw, 144) },
  }
  return { superblock, agrees: version === 4 || sectorAgrees(volume, at, sectorBytes) }
}

function sectorAgrees(volume: Medium, at: number, sectorBytes: number): boolean {
  const sector = Buffer.alloc(sectorBytes)
  return volume.readInto(sector, at) === sectorBytes && checksumAgrees(sector, 224)
}

/** @param field offset of the checksum in the structure, which is changed and restored */
export function checksumAgrees(bytes: Buffer, field: number): boolean {
  const stored = bytes.readUInt32LE(field)
  bytes.writeUInt32LE(0, field)
  const computed = ~crc32c(0xffffffff, bytes) >>> 0
  bytes.writeUInt32LE(stored, field)
  return stored === computed
}

/** A number of 64 bits; one that is not safe reads as −1, which no place or inode has. */
export function number(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32BE(at)
  return high >= 2 ** 21 ? -1 : high * 2 ** 32 + bytes.readUInt32BE(at + 4)
}

const power = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most && (value & (value - 1)) === 0

/**
 * First block of the group that a number of a block names, counted over the volume; null: no such block.
 * @param block number in the form of the format: group and block in the group
 */
export function placeOf(superblock: Superblock, block: number): number | null {
  if (block < 0) return null
  const { groupBlockBits, groupBlocks, groups, blocks } = superblock
  const group = Math.floor(block / 2 ** groupBlockBits)
  const within = block % 2 ** groupBlockBits
  const place = group * groupBlocks + within
  return group < groups && within < groupBlocks && place < blocks ? place : null
}
