/**
 * Superblock of Btrfs: at 64 KiB, with copies at 64 MiB and 256 GiB.
 * @see Linux include/uapi/linux/btrfs_tree.h, struct btrfs_super_block; btrfs documentation, "On-disk Format"
 */
import { createHash } from 'node:crypto'
import type { Medium } from '../../../../contracts/image.ts'
import { crc32c } from '../../../../hash/crc32c.ts'

export const SUPERBLOCK_AT = 65_536
const COPIES = [SUPERBLOCK_AT, 64 * 2 ** 20, 256 * 2 ** 30]
const BYTES = 4096
const MAGIC = '_BHRfS_M'

export interface Superblock {
  readonly uuid: Buffer
  /** Stored in each block. */
  readonly metaUuid: Buffer
  readonly generation: number
  readonly rootTree: number
  readonly chunkTree: number
  /** Changes of the last seconds that were forced to the disk; 0: none. */
  readonly logTree: number
  readonly sizeBytes: number
  readonly usedBytes: number
  readonly devices: number
  /** Number of this device. */
  readonly device: number
  readonly deviceBytes: number
  readonly sectorBytes: number
  readonly nodeBytes: number
  readonly incompat: bigint
  readonly checksum: number
  readonly label: string
  /** Chunks with the tree of chunks itself. */
  readonly firstChunks: Buffer
  /** It is a copy: the first was unusable. */
  readonly fromCopy: boolean
}

export function looksLikeBtrfs(volume: Medium): boolean {
  return hasMagic(volume, SUPERBLOCK_AT)
}

/** A copy is there, where the first is overwritten. */
export function hasCopy(volume: Medium): boolean {
  return COPIES.slice(1).some((at) => hasMagic(volume, at))
}

function hasMagic(volume: Medium, at: number): boolean {
  const bytes = Buffer.alloc(8)
  return volume.readInto(bytes, at + 64) === 8 && bytes.toString('latin1') === MAGIC
}

/** @returns code of what makes it unusable, or the superblock */
export function readSuperblock(volume: Medium): Superblock | string {
  let problem = 'magic'
  for (const at of COPIES) {
    if (!hasMagic(volume, at)) continue
    const found = parsed(volume, at)
    if (typeof found !== 'string') return found
    if (at === SUPERBLOCK_AT) problem = found
  }
  return problem
}

function parsed(volume: Medium, at: number): Superblock | string {
  const raw = Buffer.alloc(BYTES)
  if (volume.readInto(raw, at) < BYTES) return 'cut'
  const checksum = raw.readUInt16LE(196)
  if (!checksumAgrees(checksum, raw)) return 'checksum'
  const sectorBytes = raw.readUInt32LE(144)
  const nodeBytes = raw.readUInt32LE(148)
  const arrayBytes = raw.readUInt32LE(160)
  const sound =
    number(raw, 48) === at &&
    power(sectorBytes, 512, 65_536) &&
    power(nodeBytes, 4096, 65_536) &&
    nodeBytes >= sectorBytes &&
    arrayBytes <= 2048
  if (!sound) return 'geometry'
  const incompat = raw.readBigUInt64LE(188)
  const uuid = Buffer.from(raw.subarray(32, 48))
  return {
    uuid,
    metaUuid: (incompat & META_UUID) === 0n ? uuid : Buffer.from(raw.subarray(571, 587)),
    generation: number(raw, 72),
    rootTree: number(raw, 80),
    chunkTree: number(raw, 88),
    logTree: number(raw, 96),
    sizeBytes: number(raw, 112),
    usedBytes: number(raw, 120),
    devices: number(raw, 136),
    device: number(raw, 201),
    deviceBytes: number(raw, 209),
    sectorBytes,
    nodeBytes,
    incompat,
    checksum,
    label: raw.subarray(299, 555).toString('utf8').replace(/\0.*$/s, ''),
    firstChunks: Buffer.from(raw.subarray(811, 811 + arrayBytes)),
    fromCopy: at !== SUPERBLOCK_AT,
  }
}

const META_UUID = 1n << 10n

/** CRC-32C and SHA-256 are computed; a block with another checksum (xxHash, BLAKE2) is taken as it is. */
export function checksumAgrees(kind: number, block: Buffer): boolean {
  const covered = block.subarray(32)
  if (kind === 0) return block.readUInt32LE(0) === ~crc32c(0xffffffff, covered) >>> 0
  if (kind === 2) return createHash('sha256').update(covered).digest().equals(block.subarray(0, 32))
  return true
}

/** A number of 64 bits; one that is not safe reads as −1, which no place has. */
export function number(bytes: Buffer, at: number): number {
  const high = bytes.readUInt32LE(at + 4)
  return high >= 2 ** 21 ? -1 : high * 2 ** 32 + bytes.readUInt32LE(at)
}

const power = (value: number, least: number, most: number): boolean =>
  value >= least && value <= most && (value & (value - 1)) === 0
