/**
 * Inodes, parsed from their slot in a table, or from an older copy of the table's block in the journal.
 *
 * Their values are untrusted: sizes may be absurd, and the code that follows the content's place must bound it
 * (runs.ts).
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { crc32c, crc32cWord } from '../../../../hash/crc32c.ts'
import { MODE_KINDS } from '../common/mode-kinds.ts'
import { has, RO_COMPAT, type Superblock } from './superblock.ts'

export const INODE_FLAG = {
  encrypted: 0x800,
  indexed: 0x1000,
  hugeFile: 0x40000,
  extents: 0x80000,
  verity: 0x100000,
  attributeValue: 0x200000,
  inlineData: 0x10000000,
  casefold: 0x40000000,
} as const

export interface Inode {
  readonly number: number
  /** The whole slot: block area at 40, inline attributes behind the fixed part. */
  readonly raw: Buffer
  /** Offset of the slot on the volume, without its first four bytes if escaped (journal.ts); null: none. */
  readonly slotAt: number | null
  readonly mode: number
  readonly kind: VolumeEntry['kind']
  readonly uid: number
  readonly gid: number
  /** At most 2^53 − 1. */
  readonly sizeBytes: number
  readonly links: number
  readonly flags: number
  readonly generation: number
  /** Seconds; while an inode waits to be deleted the number of the next such inode. 0: not deleted. */
  readonly deletedSeconds: number
  /** Bytes of its contents and block tree, as stated in the inode. */
  readonly allocatedBytes: number
  readonly attributeBlock: number
  /** False when the file system has checksums and this one is wrong. */
  readonly checksumAgrees: boolean
}

/** @param raw the slot of the inode in its table, `superblock.inodeBytes` long */
export function parseInode(
  superblock: Superblock,
  number: number,
  raw: Buffer,
  slotAt: number | null,
): Inode {
  const mode = raw.readUInt16LE(0)
  const kind = MODE_KINDS[mode >>> 12] ?? 'unknown'
  const flags = raw.readUInt32LE(32)
  const blocks = raw.readUInt32LE(28) + raw.readUInt16LE(116) * 2 ** 32
  return {
    number,
    raw,
    slotAt,
    mode,
    kind,
    uid: raw.readUInt16LE(2) + raw.readUInt16LE(120) * 65_536,
    gid: raw.readUInt16LE(24) + raw.readUInt16LE(122) * 65_536,
    sizeBytes: Math.min(Number.MAX_SAFE_INTEGER, raw.readUInt32LE(4) + raw.readUInt32LE(108) * 2 ** 32),
    links: raw.readUInt16LE(26),
    flags,
    generation: raw.readUInt32LE(100),
    deletedSeconds: raw.readUInt32LE(20),
    allocatedBytes: Math.min(
      Number.MAX_SAFE_INTEGER,
      blocks * (has(flags, INODE_FLAG.hugeFile) ? superblock.blockBytes : 512),
    ),
    attributeBlock: raw.readUInt32LE(104) + raw.readUInt16LE(118) * 2 ** 32,
    checksumAgrees: inodeChecksumAgrees(superblock, number, raw),
  }
}

/** Bytes of the slot behind the first 128 that have a meaning of their own. */
export function extraBytes(raw: Buffer): number {
  if (raw.length <= 128) return 0
  const extra = raw.readUInt16LE(128)
  return extra <= raw.length - 128 ? extra : 0
}

/** Seed of the checksums of the inode's directory blocks and extent blocks. */
export function inodeChecksumSeed(superblock: Superblock, number: number, generation: number): number {
  return crc32cWord(crc32cWord(superblock.checksumSeed, number), generation)
}

function inodeChecksumAgrees(superblock: Superblock, number: number, raw: Buffer): boolean {
  if (!has(superblock.roCompat, RO_COMPAT.metadataChecksum)) return true
  const high = extraBytes(raw) >= 4
  let value = inodeChecksumSeed(superblock, number, raw.readUInt32LE(100))
  value = crc32c(crc32c(value, raw.subarray(0, 124)), NO_CHECKSUM)
  if (high) {
    value = crc32c(crc32c(crc32c(value, raw.subarray(126, 130)), NO_CHECKSUM), raw.subarray(132))
  } else {
    value = crc32c(value, raw.subarray(126))
  }
  if ((value & 0xffff) !== raw.readUInt16LE(124)) return false
  return !high || value >>> 16 === raw.readUInt16LE(130)
}
const NO_CHECKSUM = Buffer.alloc(2)
