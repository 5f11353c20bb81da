/** Superblocks of a container and of its volumes. */
import { u64 } from '../../content/read-at.ts'
import { checksumAgrees, headerOf, OBJECT } from './blocks.ts'

const CONTAINER_MAGIC = 'NXSB'
const VOLUME_MAGIC = 'APSB'
const VOLUMES_MOST = 100
const NAME_BYTES = 256
const MODIFIED_BY_BYTES = 32

const CONTAINER_FEATURE = { preRelease: 1, fusion: 0x100 } as const
const VOLUME_FEATURE = { ignoresCase: 1, ignoresNormalization: 8, sealed: 0x20 } as const
const NOT_ENCRYPTED = 1
const PHYSICAL = 0x40000000

export interface ContainerSuperblock {
  readonly transaction: number
  readonly blockBytes: number
  readonly blocks: number
  readonly uuid: string
  readonly descriptors: Ring
  /** Index in the descriptor ring of this checkpoint's first map, and the number of its blocks with the superblock. */
  readonly firstMap: number
  readonly mapBlocks: number
  readonly spaceManager: number
  readonly objectMap: number
  /** Object numbers of its volumes; 0: unused slot. */
  readonly volumes: readonly number[]
}

/** Blocks that are written in turn. */
interface Ring {
  readonly first: number
  readonly blocks: number
  /** False: they are fragmented, and a tree lists the pieces. */
  readonly isContiguous: boolean
}

export const hasContainerMagic = (bytes: Buffer): boolean =>
  bytes.length >= 1408 && bytes.toString('latin1', 32, 36) === CONTAINER_MAGIC

/** Two devices, or a version before the first release of macOS with APFS: another layout. */
export function isOfOtherKind(bytes: Buffer): boolean {
  const needed = bytes.readUInt32LE(64)
  return (needed & (CONTAINER_FEATURE.fusion | CONTAINER_FEATURE.preRelease)) !== 0
}

/** @returns null where it is no superblock, or has impossible values */
export function containerSuperblock(bytes: Buffer): ContainerSuperblock | null {
  if (!hasContainerMagic(bytes) || headerOf(bytes).type !== OBJECT.container) return null
  const blockBytes = bytes.readUInt32LE(36)
  const isPower = (blockBytes & (blockBytes - 1)) === 0
  if (blockBytes < 4096 || blockBytes > 65536 || !isPower) return null
  // The checksum covers a whole block, which may exceed the bytes that were read.
  if (bytes.length < blockBytes || !checksumAgrees(bytes.subarray(0, blockBytes))) return null
  const places = Math.min(VOLUMES_MOST, bytes.readUInt32LE(180))
  const descriptorBlocks = bytes.readUInt32LE(104)
  return {
    transaction: headerOf(bytes).transaction,
    blockBytes,
    blocks: u64(bytes, 40),
    uuid: uuidText(bytes.subarray(72, 88)),
    descriptors: {
      first: u64(bytes, 112),
      blocks: descriptorBlocks & 0x7fffffff,
      isContiguous: descriptorBlocks < 0x80000000,
    },
    firstMap: bytes.readUInt32LE(136),
    mapBlocks: bytes.readUInt32LE(140),
    spaceManager: u64(bytes, 152),
    objectMap: u64(bytes, 160),
    volumes: Array.from({ length: places }, (_, index) => u64(bytes, 184 + index * 8)),
  }
}

export interface VolumeSuperblock {
  readonly transaction: number
  readonly name: Buffer
  readonly uuid: string
  readonly role: string
  readonly isEncrypted: boolean
  readonly isSealed: boolean
  readonly ignoresCase: boolean
  /** Names in folder keys have a hash before them. */
  readonly hasHashedNames: boolean
  /** Blocks of its files and structures. */
  readonly allocatedBlocks: number
  readonly objectMap: number
  readonly fileTree: number
  /** The tree is named by its block. */
  readonly isFileTreePhysical: boolean
  readonly snapshotTree: number
  readonly snapshots: number
  /** Extent tree of a sealed volume; other volumes have their extents in the file tree. */
  readonly extentTree: number
  readonly formattedBy: string
  readonly formattedNs: bigint
  readonly modifiedNs: bigint
}

/** @param bytes an object with a correct checksum */
export function volumeSuperblock(bytes: Buffer): VolumeSuperblock | null {
  if (bytes.toString('latin1', 32, 36) !== VOLUME_MAGIC) return null
  const needed = bytes.readUInt32LE(56)
  const flags = bytes.readUInt32LE(264)
  const has = (feature: number): boolean => (needed & feature) !== 0
  return {
    transaction: headerOf(bytes).transaction,
    name: untilNul(bytes.subarray(704, 704 + NAME_BYTES)),
    uuid: uuidText(bytes.subarray(240, 256)),
    role: roleText(bytes.readUInt16LE(964)),
    isEncrypted: (flags & NOT_ENCRYPTED) === 0,
    isSealed: has(VOLUME_FEATURE.sealed),
    ignoresCase: has(VOLUME_FEATURE.ignoresCase),
    hasHashedNames: has(VOLUME_FEATURE.ignoresCase | VOLUME_FEATURE.ignoresNormalization),
    allocatedBlocks: u64(bytes, 88),
    objectMap: u64(bytes, 128),
    fileTree: u64(bytes, 136),
    isFileTreePhysical: (bytes.readUInt32LE(116) & PHYSICAL) !== 0,
    snapshotTree: u64(bytes, 152),
    snapshots: u64(bytes, 216),
    extentTree: u64(bytes, 1032),
    formattedBy: untilNul(bytes.subarray(272, 272 + MODIFIED_BY_BYTES)).toString('utf8'),
    formattedNs: bytes.readBigInt64LE(304),
    modifiedNs: bytes.readBigInt64LE(256),
  }
}

/** One bit each up to 0x20, numbers from bit 6 on. */
function roleText(role: number): string {
  const named = ROLES[role]
  return named ?? (role === 0 ? '' : `0x${role.toString(16)}`)
}
const ROLES: Readonly<Record<number, string>> = {
  1: 'system',
  2: 'user',
  4: 'recovery',
  8: 'vm',
  16: 'preboot',
  32: 'installer',
  64: 'data',
  128: 'baseband',
  192: 'update',
  256: 'xart',
  320: 'hardware',
  384: 'backup',
  576: 'enterprise',
  704: 'prelogin',
}

export function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end))
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
