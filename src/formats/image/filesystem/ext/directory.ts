/**
 * Blocks of directories: the entries in use, and the gaps between them, where names of removed entries may remain.
 *
 * Indexed directories are read as linear ones: index blocks look like one unused entry, by design of the format.
 */
import { createHash } from 'node:crypto'
import { crc32c } from '../../../../hash/crc32c.ts'
import { nameInPath, type ShownName } from '../common/name-in-path.ts'
import type { Superblock } from './superblock.ts'
import { has, INCOMPAT, RO_COMPAT } from './superblock.ts'

export interface Dirent {
  readonly inode: number
  /** As stored. */
  readonly name: Buffer
  /** 1 file, 2 directory, 7 symlink; 0: not recorded. */
  readonly type: number
  /** Byte offset in the block. */
  readonly at: number
}

/** A stretch of a block, in bytes. */
export interface Gap {
  readonly from: number
  readonly to: number
}

export interface DirectoryBlock {
  readonly entries: readonly Dirent[]
  /** Ranges without an entry in use, in bytes of the block. */
  readonly gaps: readonly Gap[]
  /** Offset at which the chain of entries is broken; null: complete. */
  readonly brokenAt: number | null
}

const TAIL_BYTES = 12
const TAIL_TYPE = 0xde

/** @param from offset of the first entry (inline directories: 4) */
export function parseDirectoryBlock(superblock: Superblock, block: Buffer, from = 0): DirectoryBlock {
  const entries: Dirent[] = []
  const gaps: Gap[] = []
  const typed = has(superblock.incompat, INCOMPAT.fileType)
  let at = from
  while (at + 8 <= block.length) {
    const inode = block.readUInt32LE(at)
    const length = recordLength(block.readUInt16LE(at + 4), superblock.blockBytes)
    const nameLength = typed ? (block[at + 6] ?? 0) : block.readUInt16LE(at + 6)
    const type = typed ? (block[at + 7] ?? 0) : 0
    const used = 8 + ((nameLength + 3) & ~3)
    const end = at + length
    const wrong = length < 8 || length % 4 !== 0 || end > block.length
    if (wrong || nameLength > 255 || (inode !== 0 && (used > length || inode > superblock.inodes))) {
      gaps.push({ from: at, to: block.length })
      return { entries, gaps, brokenAt: at }
    }
    if (inode === 0) {
      if (!(type === TAIL_TYPE && length === TAIL_BYTES)) gaps.push({ from: at, to: end })
    } else if (nameLength > 0) {
      entries.push({ inode, name: Buffer.from(block.subarray(at + 8, at + 8 + nameLength)), type, at })
      if (length - used >= 12) gaps.push({ from: at + used, to: end })
    }
    at = end
  }
  return { entries, gaps, brokenAt: null }
}

/** Lengths of 64 KiB do not fit into 16 bits (fs/ext4: ext4_rec_len_from_disk). */
function recordLength(stored: number, blockBytes: number): number {
  if (blockBytes < 65_536) return stored
  return stored === 65_535 || stored === 0 ? blockBytes : (stored & 65_532) | ((stored & 3) << 16)
}

/** Entries in a gap: removed ones, and those that moved to another block when the directory was indexed. */
export function* remnantsIn(superblock: Superblock, block: Buffer, gap: Gap): Generator<Dirent> {
  const typed = has(superblock.incompat, INCOMPAT.fileType)
  for (let at = gap.from; at + 12 <= gap.to; ) {
    const found = remnantAt(superblock, block, at, gap.to, typed)
    if (found) yield found
    at += found ? 8 + ((found.name.length + 3) & ~3) : 4
  }
}

function remnantAt(
  superblock: Superblock,
  block: Buffer,
  at: number,
  to: number,
  typed: boolean,
): Dirent | null {
  const inode = block.readUInt32LE(at)
  if (inode > superblock.inodes) return null
  const length = recordLength(block.readUInt16LE(at + 4), superblock.blockBytes)
  const nameLength = typed ? (block[at + 6] ?? 0) : block.readUInt16LE(at + 6)
  const type = typed ? (block[at + 7] ?? 0) : 0
  const used = 8 + ((nameLength + 3) & ~3)
  if (nameLength === 0 || nameLength > 255 || length % 4 !== 0 || length < used) return null
  if (at + length > block.length || at + 8 + nameLength > to || type > 7 || (typed && type === 0)) return null
  const name = block.subarray(at + 8, at + 8 + nameLength)
  if (name.includes(0) || name.includes(SLASH) || isDots(name)) return null
  return { inode, name: Buffer.from(name), type, at }
}

export const isDots = (name: Buffer): boolean =>
  name[0] === DOT && (name.length === 1 || (name.length === 2 && name[1] === DOT))

interface IndexOf {
  /** Offset of limit, count and entries of eight bytes. */
  readonly at: number
  readonly limit: number
  readonly count: number
}

/**
 * The index in a block of an indexed directory: in the root behind `..`, else behind one unused entry of the block's
 * size.
 */
function indexIn(block: Buffer): IndexOf | null {
  const node = block.readUInt32LE(0) === 0
  // The root's two dot entries take 12 bytes each; the index header takes 8.
  const root =
    !node && block.readUInt16LE(4) === 12 && block[6] === 1 && block.readUInt32LE(24) === 0 && block[29] === 8
  if (!node && !root) return null
  const at = root ? 32 : 8
  const limit = block.readUInt16LE(at)
  const count = block.readUInt16LE(at + 2)
  const fits = Math.floor((block.length - at) / 8)
  return count === 0 || count > limit || limit > fits || limit < fits - 1 ? null : { at, limit, count }
}

/** A gap of an indexed directory without the index itself. */
export function behindIndex(block: Buffer, gap: Gap): Gap {
  const index = indexIn(block)
  if (!index || gap.from > index.at) return gap
  return { from: Math.min(gap.to, index.at + 8 * index.count), to: gap.to }
}

/**
 * @param seed checksum seed of the directory's inode @param indexed whether the directory is indexed. True without
 *   checksums.
 */
export function directoryChecksumAgrees(
  superblock: Superblock,
  seed: number,
  block: Buffer,
  indexed: boolean,
): boolean {
  if (!has(superblock.roCompat, RO_COMPAT.metadataChecksum)) return true
  const index = indexed ? indexIn(block) : null
  if (index) {
    // fs/ext4/namei.c: ext4_dx_csum
    const tail = index.at + 8 * index.limit
    if (tail + 8 > block.length) return false
    const entries = crc32c(seed, block.subarray(0, index.at + 8 * index.count))
    const reserved = crc32c(entries, block.subarray(tail, tail + 4))
    return crc32c(reserved, NO_CHECKSUM) === block.readUInt32LE(tail + 4)
  }
  const tail = block.length - TAIL_BYTES
  if (block.readUInt32LE(tail) !== 0 || block[tail + 7] !== TAIL_TYPE) return true
  return crc32c(seed, block.subarray(0, tail)) === block.readUInt32LE(tail + 8)
}
const NO_CHECKSUM = Buffer.alloc(4)

/**
 * A name in the form for paths.
 * Encrypted names get the form that a mount without the key shows (fs/crypto/fname.c: two words of hash, 149 bytes,
 * SHA-256 of the rest, in base64url), with zeros for the hash. NUL and `/`, which no kernel writes, become %00 and %2F.
 */
export function shownName(stored: Buffer, encrypted: boolean): ShownName {
  if (encrypted) {
    const rest = stored.subarray(149)
    const parts = [Buffer.alloc(8), stored.subarray(0, 149)]
    if (rest.length > 0) parts.push(createHash('sha256').update(rest).digest())
    return { name: Buffer.from(Buffer.concat(parts).toString('base64url')), note: 'name-encrypted' }
  }
  return nameInPath(stored)
}

const SLASH = 0x2f
const DOT = 0x2e
