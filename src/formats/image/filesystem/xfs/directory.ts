/**
 * Names in directories: inside the inode, or in blocks; those in use, and removed ones whose bytes remain in unused parts.
 * @see Linux fs/xfs/libxfs/xfs_da_format.h, struct xfs_dir2_sf_hdr, xfs_dir2_data_hdr and xfs_dir2_block_tail
 */
import { checksumAgrees, number, type Superblock } from './superblock.ts'

export interface Dirent {
  /** −1: not known. */
  readonly inode: number
  readonly name: Buffer
  /** 1 file, 2 directory, 7 symlink; 0: not recorded. */
  readonly type: number
}

export interface DirectoryBlock {
  readonly entries: readonly Dirent[]
  readonly removed: readonly Dirent[]
  /** Offset at which the chain of entries is broken; null: complete. */
  readonly brokenAt: number | null
  readonly checksumAgrees: boolean
}

/** Directories list names below this offset, and indexes of them above. */
export const NAMES_END_BYTES = 2 ** 35

const FREE = 0xffff
const NAME_MOST = 255

/** @param fork data fork of the local form, with at most `size` bytes */
export function parseShortForm({ hasFileTypes }: Superblock, fork: Buffer, size: number): DirectoryBlock {
  const entries: Dirent[] = []
  const end = Math.min(size, fork.length)
  const broken = (brokenAt: number | null) => ({ entries, removed: [], brokenAt, checksumAgrees: true })
  if (end < 6) return broken(0)
  const isWide = fork[1]! > 0
  const inodeBytes = isWide ? 8 : 4
  let at = 2 + inodeBytes
  for (let i = 0; i < (isWide ? fork[1]! : fork[0]!); i++) {
    const length = at + 3 <= end ? fork[at]! : 0
    const behind = at + 3 + length
    const next = behind + (hasFileTypes ? 1 : 0) + inodeBytes
    if (length === 0 || next > end) return broken(at)
    entries.push({
      inode: isWide ? number(fork, next - 8) : fork.readUInt32BE(next - 4),
      name: Buffer.from(fork.subarray(at + 3, behind)),
      type: hasFileTypes ? fork[behind]! : 0,
    })
    at = next
  }
  return broken(null)
}

/** @returns null when no block of names is there */
export function parseDirectoryBlock(superblock: Superblock, bytes: Buffer): DirectoryBlock | null {
  const magic = bytes.toString('latin1', 0, 4)
  const isNew = magic === 'XDB3' || magic === 'XDD3'
  if (!isNew && magic !== 'XD2B' && magic !== 'XD2D') return null
  const names = new Names(superblock.hasFileTypes, bytes, endOfNames(bytes, magic))
  return {
    ...names.read(isNew ? 64 : 16),
    checksumAgrees: !isNew || checksumAgrees(bytes, 4),
  }
}

/** A directory of one block has its index at the end: pairs of eight bytes, and their number. */
function endOfNames(bytes: Buffer, magic: string): number {
  if (magic !== 'XDB3' && magic !== 'XD2B') return bytes.length
  return Math.max(0, bytes.length - 8 - bytes.readUInt32BE(bytes.length - 8) * 8)
}

class Names {
  readonly #typed: number
  readonly #bytes: Buffer
  readonly #end: number
  readonly #entries: Dirent[] = []
  readonly #removed: Dirent[] = []

  constructor(hasFileTypes: boolean, bytes: Buffer, end: number) {
    this.#typed = hasFileTypes ? 1 : 0
    this.#bytes = bytes
    this.#end = end
  }

  read(from: number): Omit<DirectoryBlock, 'checksumAgrees'> {
    const bytes = this.#bytes
    const [entries, removed] = [this.#entries, this.#removed]
    for (let at = from; at + 16 <= this.#end; ) {
      const isFree = bytes.readUInt16BE(at) === FREE
      const length = isFree ? bytes.readUInt16BE(at + 2) : this.#lengthAt(at)
      if (length < 16 || length % 8 !== 0 || at + length > this.#end)
        return { entries, removed, brokenAt: at }
      if (isFree) this.#remains(at, at + length)
      else entries.push(this.#entryAt(at, number(bytes, at)))
      at += length
    }
    return { entries, removed, brokenAt: null }
  }

  /** Number of the inode, length of the name, name, type, zeros up to eight bytes, own offset. */
  #lengthAt(at: number): number {
    const length = this.#bytes[at + 8]!
    return length === 0 ? 0 : (8 + 1 + length + this.#typed + 2 + 7) & ~7
  }

  #entryAt(at: number, inode: number): Dirent {
    const length = this.#bytes[at + 8]!
    const name = Buffer.from(this.#bytes.subarray(at + 9, at + 9 + length))
    return { inode, name, type: this.#typed === 1 ? this.#bytes[at + 9 + length]! : 0 }
  }

  /**
   * Names in an unused part: entries lie at multiples of eight, and each ends with its own offset. A removal wrote
   * four bytes over the inode's number of some; they were zeros unless the volume has more than 2^32 inodes.
   */
  #remains(from: number, end: number): void {
    const bytes = this.#bytes
    for (let at = from; at + 16 <= end; at += 8) {
      const length = this.#lengthAt(at)
      if (length === 0 || at + length > end) continue
      const offset = bytes.readUInt16BE(at + length - 2)
      // Where unused parts were joined, it is the offset of the part as it was at that time.
      if (offset < from || offset > at || offset % 8 !== 0) continue
      const isCut = bytes.readUInt16BE(at) === FREE
      const found = this.#entryAt(at, isCut ? bytes.readUInt32BE(at + 4) : number(bytes, at))
      if (isName(found.name)) this.#removed.push(found)
    }
  }
}

const isName = (name: Buffer): boolean =>
  name.length <= NAME_MOST && !name.includes(0) && !name.includes(SLASH) && !isDots(name)

export const isDots = (name: Buffer): boolean => name.length <= 2 && name.every((byte) => byte === DOT)

const SLASH = 0x2f
const DOT = 0x2e
