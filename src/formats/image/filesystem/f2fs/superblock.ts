/**
 * Superblock and checkpoint of F2FS. Numbers are little-endian.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_super_block and f2fs_checkpoint; fs/f2fs/checkpoint.c
 */
import type { Medium } from '../../../../contracts/image.ts'

const MAGIC = 0xf2f52010
/** The first superblock, and its copy. */
const PLACES = [1024, 4096 + 1024]
const BYTES = 3072

export const FEATURE = { encrypt: 1, extraAttributes: 8, flexibleXattr: 0x40, creationTime: 0x100 } as const
/** Zoned devices, and file systems on several devices, place blocks in other ways. */
const BLOCK_ZONED = 2

export interface Superblock {
  readonly blockBytes: number
  readonly blocks: number
  readonly segmentBlocks: number
  readonly checkpointAt: number
  readonly sitAt: number
  readonly sitBlocks: number
  readonly natAt: number
  readonly natSegments: number
  readonly mainAt: number
  readonly mainSegments: number
  readonly rootInode: number
  /** Inodes of the file system itself: nodes, structures, quotas. */
  readonly ownInodes: readonly number[]
  readonly payload: number
  readonly features: number
  readonly uuid: Buffer
  readonly label: string
  readonly version: string
  readonly fromCopy: boolean
}

export interface Checkpoint {
  /** First block of its pack. */
  readonly at: number
  readonly version: bigint
  readonly flags: number
  readonly packBlocks: number
  readonly summaryStart: number
  readonly inodes: number
  readonly sitBitmap: Buffer
  readonly natBitmap: Buffer
}

export const FLAG = {
  unmounted: 1,
  compactSummary: 4,
  error: 8,
  fastBoot: 0x20,
  largeNatBitmap: 0x400,
} as const

export function looksLikeF2fs(volume: Medium): boolean {
  return PLACES.some((at) => {
    const head = Buffer.alloc(4)
    return volume.readInto(head, at) === 4 && head.readUInt32LE(0) === MAGIC
  })
}

/** @returns code of what makes it unusable, or the superblock */
export function readSuperblock(volume: Medium): Superblock | string {
  let problem = 'magic'
  for (const at of PLACES) {
    const raw = Buffer.alloc(BYTES)
    if (volume.readInto(raw, at) < BYTES || raw.readUInt32LE(0) !== MAGIC) continue
    const found = parsed(raw, at !== PLACES[0])
    if (typeof found !== 'string') return found
    problem = found
  }
  return problem
}

function parsed(raw: Buffer, fromCopy: boolean): Superblock | string {
  const u32 = (at: number) => raw.readUInt32LE(at)
  const features = u32(2180)
  const blockBits = u32(16)
  const segmentBits = u32(20)
  if ((features & BLOCK_ZONED) !== 0 || raw[2201] !== 0) return 'several-devices'
  if (blockBits !== 12 || segmentBits !== 9) return 'geometry'
  const segmentBlocks = 2 ** segmentBits
  const superblock: Superblock = {
    blockBytes: 2 ** blockBits,
    blocks: Number(raw.readBigUInt64LE(36)),
    segmentBlocks,
    checkpointAt: u32(76),
    sitAt: u32(80),
    sitBlocks: (u32(56) / 2) * segmentBlocks,
    natAt: u32(84),
    natSegments: u32(60),
    mainAt: u32(92),
    mainSegments: u32(68),
    rootInode: u32(96),
    ownInodes: [u32(100), u32(104), u32(2745), u32(2749), u32(2753)],
    payload: u32(1664),
    features,
    uuid: Buffer.from(raw.subarray(108, 124)),
    label: raw.subarray(124, 1148).toString('utf16le').replace(/\0.*$/s, ''),
    version: raw.subarray(1668, 1924).toString('latin1').replace(/\0.*$/s, ''),
    fromCopy,
  }
  const { blocks, mainAt, mainSegments, sitAt, natAt, checkpointAt } = superblock
  const sound =
    Number.isSafeInteger(blocks) &&
    checkpointAt < sitAt &&
    sitAt < natAt &&
    natAt < mainAt &&
    mainAt + mainSegments * segmentBlocks <= blocks + segmentBlocks &&
    superblock.natSegments % 2 === 0 &&
    u32(56) % 2 === 0
  return sound ? superblock : 'geometry'
}

/** The newer whole checkpoint of two; null: none is whole. */
export function readCheckpoint(superblock: Superblock, volume: Medium): Checkpoint | null {
  const found = [0, superblock.segmentBlocks]
    .map((offset) => packAt(superblock, volume, superblock.checkpointAt + offset))
    .filter((one) => one !== null)
  return found.sort((a, b) => (a.version < b.version ? 1 : -1))[0] ?? null
}

const BITMAP_AT = 192

function packAt(
  { blockBytes, payload, segmentBlocks }: Superblock,
  volume: Medium,
  at: number,
): Checkpoint | null {
  const block = (number: number) => {
    const bytes = Buffer.alloc(blockBytes)
    return volume.readInto(bytes, number * blockBytes) === blockBytes && isWhole(bytes) ? bytes : null
  }
  const first = block(at)
  if (!first) return null
  const packBlocks = first.readUInt32LE(136)
  if (packBlocks < 2 || packBlocks > segmentBlocks) return null
  const last = block(at + packBlocks - 1)
  const version = first.readBigUInt64LE(0)
  if (last?.readBigUInt64LE(0) !== version) return null
  const flags = first.readUInt32LE(132)
  const sitBytes = first.readUInt32LE(156)
  const natBytes = first.readUInt32LE(160)
  const whole = Buffer.alloc(blockBytes * (1 + payload))
  volume.readInto(whole, at * blockBytes)
  const isLarge = (flags & FLAG.largeNatBitmap) !== 0
  const natAt = BITMAP_AT + (isLarge ? 4 : payload > 0 ? 0 : sitBytes)
  const sitAt = isLarge ? BITMAP_AT + 4 + natBytes : payload > 0 ? blockBytes : BITMAP_AT
  return {
    at,
    version,
    flags,
    packBlocks,
    summaryStart: first.readUInt32LE(140),
    inodes: first.readUInt32LE(148),
    sitBitmap: whole.subarray(sitAt, sitAt + sitBytes),
    natBitmap: whole.subarray(natAt, natAt + natBytes),
  }
}

/** The checksum of a checkpoint's block. */
function isWhole(bytes: Buffer): boolean {
  const at = bytes.readUInt32LE(164)
  return (
    at >= BITMAP_AT &&
    at + 4 <= bytes.length &&
    at % 4 === 0 &&
    crc(bytes.subarray(0, at)) === bytes.readUInt32LE(at)
  )
}

/** CRC-32 of Ethernet, begun with the magic and not inverted. */
function crc(bytes: Buffer): number {
  let value = MAGIC
  for (const byte of bytes) value = (value >>> 8) ^ TABLE[(value ^ byte) & 255]!
  return value >>> 0
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

/** Bits with the highest first. */
export const isSet = (bits: Buffer, index: number): boolean =>
  ((bits[index >>> 3] ?? 0) & (128 >>> (index & 7))) !== 0
