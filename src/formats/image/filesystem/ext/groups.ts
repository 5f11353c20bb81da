/**
 * Block groups: positions of their tables and bitmaps, and the blocks in use.
 *
 * A group whose bitmap was never written follows ext4_init_block_bitmap (fs/ext4).
 */
import { crc32c, crc32cWord } from '../../../../hash/crc32c.ts'
import { Recent } from '../../content/recent.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import { crc16 } from './crc16.ts'
import { GroupLayout } from './group-layout.ts'
import { has, RO_COMPAT, type Superblock } from './superblock.ts'

const FLAG = { inodesUninitialised: 1, blocksUninitialised: 2 } as const
const BITMAPS_KEPT = 256

export interface Group {
  readonly number: number
  readonly blockBitmap: number
  readonly inodeBitmap: number
  readonly inodeTable: number
  /** No inode of the group was ever used. */
  readonly inodesUnused: boolean
  /** Inodes at the end of the table that were never used (checksummed groups only, else 0). */
  readonly unusedAtEnd: number
  /** The block bitmap was never written: only the group's own tables are in use. */
  readonly bitmapUnwritten: boolean
  /** False when the checksum of every copy is wrong. */
  readonly sound: boolean
}

export class Groups extends GroupLayout {
  readonly #blocks: Blocks
  readonly #problems: ProblemLog
  readonly #known: (Group | undefined)[] = []
  #bitmaps = new Recent<number, { bitmap: Buffer; sound: boolean }>(BITMAPS_KEPT)
  #inodeBitmaps = new Recent<number, Buffer | null>(BITMAPS_KEPT)

  constructor(superblock: Superblock, blocks: Blocks, problems: ProblemLog) {
    super(superblock)
    this.#blocks = blocks
    this.#problems = problems
  }

  /** Drops values that were read before a replay. */
  forget(): void {
    this.#known.length = 0
    this.#bitmaps = new Recent(BITMAPS_KEPT)
    this.#inodeBitmaps = new Recent(BITMAPS_KEPT)
  }

  group(number: number): Group {
    return (this.#known[number] ??= this.#read(number))
  }

  #read(number: number): Group {
    const blocks = this.descriptorBlocks(number)
    const perBlock = this.superblock.blockBytes / this.superblock.descriptorBytes
    const at = (number % perBlock) * this.superblock.descriptorBytes
    let fallback: Group | undefined
    for (const [index, block] of blocks.entries()) {
      const bytes = this.#blocks.read(block)?.subarray(at, at + this.superblock.descriptorBytes)
      if (!bytes) continue
      // Backups are correct about the positions of tables, but outdated about usage.
      const group = this.#parse(number, bytes, index > 0)
      if (!group) continue
      if (group.sound) {
        if (index > 0) this.#problems.add('group-descriptor-backup-used', number)
        return group
      }
      fallback ??= group
    }
    if (fallback) {
      this.#problems.add('group-descriptor-checksum', number)
      return fallback
    }
    this.#problems.add('group-descriptor-damaged', number)
    const none = { blockBitmap: 0, inodeBitmap: 0, inodeTable: 0 }
    return { number, ...none, inodesUnused: false, unusedAtEnd: 0, bitmapUnwritten: false, sound: false }
  }

  #parse(number: number, bytes: Buffer, backup: boolean): Group | null {
    const { superblock } = this
    const wide = superblock.descriptorBytes >= 64
    const block = (low: number, high: number) =>
      bytes.readUInt32LE(low) + (wide ? bytes.readUInt32LE(high) * 2 ** 32 : 0)
    const flags = bytes.readUInt16LE(18)
    const checksummed =
      has(superblock.roCompat, RO_COMPAT.groupChecksum) ||
      has(superblock.roCompat, RO_COMPAT.metadataChecksum)
    const sound = !checksummed || this.#checksum(number, bytes) === bytes.readUInt16LE(30)
    const trusted = checksummed && sound && !backup
    const unused = bytes.readUInt16LE(28) + (wide ? bytes.readUInt16LE(50) * 65_536 : 0)
    const blockBitmap = block(0, 32)
    const inodeBitmap = block(4, 36)
    const inodeTable = block(8, 40)
    const tableBlocks = Math.ceil((superblock.inodesPerGroup * superblock.inodeBytes) / superblock.blockBytes)
    const inside = (first: number, length: number) => first > 0 && first + length <= superblock.blocks
    if (!inside(blockBitmap, 1) || !inside(inodeBitmap, 1) || !inside(inodeTable, tableBlocks)) return null
    return {
      number,
      blockBitmap,
      inodeBitmap,
      inodeTable,
      inodesUnused: trusted && has(flags, FLAG.inodesUninitialised),
      unusedAtEnd: trusted ? Math.min(unused, superblock.inodesPerGroup) : 0,
      bitmapUnwritten: checksummed && !backup && has(flags, FLAG.blocksUninitialised),
      sound,
    }
  }

  #checksum(number: number, bytes: Buffer): number {
    const { superblock } = this
    if (!has(superblock.roCompat, RO_COMPAT.metadataChecksum)) {
      const seed = crc16(0xffff, superblock.uuid)
      WORD.writeUInt32LE(number)
      const before = crc16(crc16(seed, WORD), bytes.subarray(0, 30))
      return bytes.length > 32 ? crc16(before, bytes.subarray(32)) : before
    }
    const seed = crc32c(crc32cWord(superblock.checksumSeed, number), bytes.subarray(0, 30))
    return crc32c(crc32c(seed, NO_CHECKSUM), bytes.subarray(32)) & 0xffff
  }

  /** One bit per cluster, set where in use. */
  bitmap(number: number): { bitmap: Buffer; sound: boolean } {
    return this.#bitmaps.get(number, () => this.#readBitmap(this.group(number)))
  }

  #readBitmap(group: Group): { bitmap: Buffer; sound: boolean } {
    const { superblock } = this
    if (group.bitmapUnwritten) return { bitmap: this.#ownTables(group), sound: group.sound }
    const bitmap = group.blockBitmap > 0 ? this.#blocks.read(group.blockBitmap) : null
    if (!bitmap) {
      // Free space is unknown, so no block counts as free.
      this.#problems.add('block-bitmap-damaged', group.number)
      return { bitmap: Buffer.alloc(superblock.blockBytes, 0xff), sound: false }
    }
    if (!this.#bitmapAgrees(group, bitmap, superblock.clustersPerGroup, 24, 56)) {
      this.#problems.add('block-bitmap-checksum', group.number)
      return { bitmap, sound: false }
    }
    return { bitmap, sound: group.sound }
  }

  /** One bit an inode; null when it cannot be read or was never written (then no inode of the group is in use). */
  inodeBitmap(number: number): Buffer | null {
    return this.#inodeBitmaps.get(number, () => this.#readInodeBitmap(number))
  }

  #readInodeBitmap(number: number): Buffer | null {
    const group = this.group(number)
    if (group.inodesUnused) return Buffer.alloc(Math.ceil(this.superblock.inodesPerGroup / 8))
    const bitmap = group.inodeBitmap > 0 ? this.#blocks.read(group.inodeBitmap) : null
    if (!bitmap) {
      this.#problems.add('inode-bitmap-damaged', number)
      return null
    }
    if (!this.#bitmapAgrees(group, bitmap, this.superblock.inodesPerGroup, 26, 58)) {
      this.#problems.add('inode-bitmap-checksum', number)
      return null
    }
    return bitmap
  }

  #bitmapAgrees(group: Group, bitmap: Buffer, bits: number, low: number, high: number): boolean {
    const { superblock } = this
    if (!has(superblock.roCompat, RO_COMPAT.metadataChecksum) || !group.sound) return true
    const descriptor = this.descriptorBlocks(group.number)[0] ?? 0
    const perBlock = superblock.blockBytes / superblock.descriptorBytes
    const at = (group.number % perBlock) * superblock.descriptorBytes
    const bytes = this.#blocks.read(descriptor)?.subarray(at, at + superblock.descriptorBytes)
    if (!bytes) return false
    const computed = crc32c(superblock.checksumSeed, bitmap.subarray(0, Math.floor(bits / 8)))
    if ((computed & 0xffff) !== bytes.readUInt16LE(low)) return false
    return superblock.descriptorBytes < 64 || computed >>> 16 === bytes.readUInt16LE(high)
  }

  #ownTables(group: Group): Buffer {
    const { superblock } = this
    const bitmap = Buffer.alloc(superblock.blockBytes)
    const first = this.firstBlock(group.number)
    const mark = (block: number, length: number) => {
      for (
        let at = Math.max(block, first);
        at < block + length && at < first + superblock.blocksPerGroup;
        at++
      ) {
        const cluster = Math.floor((at - first) / superblock.clusterBlocks)
        bitmap[cluster >>> 3] = (bitmap[cluster >>> 3] ?? 0) | (1 << (cluster & 7))
      }
    }
    mark(first, this.baseBlocks(group.number))
    mark(group.blockBitmap, 1)
    mark(group.inodeBitmap, 1)
    mark(
      group.inodeTable,
      Math.ceil((superblock.inodesPerGroup * superblock.inodeBytes) / superblock.blockBytes),
    )
    return bitmap
  }
}

const NO_CHECKSUM = Buffer.alloc(2)
const WORD = Buffer.alloc(4)
