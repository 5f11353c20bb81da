/**
 * Removed names of directories: from the gaps of their blocks, and from older copies of these in the journal.
 *
 * A current kernel wipes a name when it removes it, so most come from the journal.
 */
import type { Blocks } from './blocks.ts'
import {
  behindIndex,
  type Dirent,
  directoryChecksumAgrees,
  isDots,
  parseDirectoryBlock,
  remnantsIn,
} from './directory.ts'
import type { History, PastCopy } from './history.ts'
import { INODE_FLAG, type Inode, inodeChecksumSeed } from './inode.ts'
import { has, type Superblock } from './superblock.ts'
import type { StoredBlock } from './tree.ts'
import type { Version, Versions } from './versions.ts'

/** A removed name. */
export interface PastName extends Dirent {
  /** Inode of its directory. */
  readonly parent: number
  /** Path of that directory while it is live; else the path follows from the directory's own names. */
  readonly parentPath: readonly Buffer[] | null
  /** The life of the inode to which the name belongs; null: the present life, or unknown. */
  readonly life: Version | null
  /** Newest transaction with the name in use; null: from a gap, so it was removed before the journal's time. */
  readonly order: number | null
  /** Byte offset of the entry on the volume. */
  readonly offset: number
}

/** Names that are kept: hostile volumes can have more than memory. */
const NAMES_MOST = 4_000_000

export class PastNames {
  readonly #superblock: Superblock
  readonly #blocks: Blocks
  readonly #history: History
  readonly #versions: Versions
  readonly #copy: Buffer
  readonly #byInode = new Map<number, PastName[]>()
  readonly #ofNothing: PastName[] = []
  readonly #seenBlocks = new Set<number>()
  #count = 0

  constructor(superblock: Superblock, blocks: Blocks, history: History, versions: Versions) {
    this.#superblock = superblock
    this.#blocks = blocks
    this.#history = history
    this.#versions = versions
    this.#copy = Buffer.alloc(superblock.blockBytes)
  }

  get full(): boolean {
    return this.#count >= NAMES_MOST
  }

  of(inode: number): readonly PastName[] {
    return this.#byInode.get(inode) ?? NONE
  }

  inodes(): IterableIterator<number> {
    return this.#byInode.keys()
  }

  /** Names whose inode number was wiped. */
  get ofNothing(): readonly PastName[] {
    return this.#ofNothing
  }

  /** @param stored gives the blocks of the directory, each time from the first on */
  ofLive(inode: Inode, path: readonly Buffer[], stored: () => Iterable<StoredBlock>): void {
    if (has(inode.flags, INODE_FLAG.encrypted)) return
    if (!this.#mayHold(inode, stored())) return
    const known = new Set<string>()
    for (const { bytes, from } of stored()) {
      for (const dirent of parseDirectoryBlock(this.#superblock, bytes, from).entries) {
        known.add(keyOf(dirent, this.#versions.of(dirent.inode).at(-1) ?? null))
        known.add(keyOf(dirent, null))
      }
    }
    for (const block of stored()) {
      if (block.block !== null) this.#past(inode, path, block.block, known)
      this.#gaps(inode, path, block, known)
    }
  }

  /** @param blocks known blocks of a deleted directory */
  ofDeleted(inode: Inode, blocks: Iterable<number>, isFree: (block: number) => boolean): void {
    if (has(inode.flags, INODE_FLAG.encrypted)) return
    const known = new Set<string>()
    for (const block of blocks) {
      this.#past(inode, null, block, known)
      const bytes = isFree(block) ? this.#blocks.read(block) : null
      if (!bytes || !this.#isOf(inode, bytes)) continue
      const stored = { block, bytes, from: 0 }
      for (const dirent of parseDirectoryBlock(this.#superblock, bytes).entries) {
        this.#add(dirent, inode.number, null, null, block, known)
      }
      this.#gaps(inode, null, stored, known)
    }
  }

  /** First blocks of otherwise unknown directories; the entry `.` gives their inode. */
  ofUnknown(isLive: (inode: number) => boolean): void {
    for (const block of this.#history.blocks) {
      if (this.#seenBlocks.has(block)) continue
      const known = new Set<string>()
      for (const copy of this.#history.of(block).toReversed()) {
        const bytes = this.#blocks.copyOf(copy, this.#copy)
        const own = ownInode(bytes)
        if (own === null || own > this.#superblock.inodes || isLive(own)) break
        this.#entriesOf(bytes, own, null, copy, known)
      }
    }
  }

  #mayHold(inode: Inode, stored: Iterable<StoredBlock>): boolean {
    for (const { block, bytes, from } of stored) {
      if (block !== null && this.#history.of(block).length > 0) return true
      for (const gap of this.#gapsOf(inode, bytes, from)) {
        for (const _ of remnantsIn(this.#superblock, bytes, gap)) return true
      }
    }
    return false
  }

  #gapsOf(inode: Inode, bytes: Buffer, from: number) {
    const { gaps } = parseDirectoryBlock(this.#superblock, bytes, from)
    return has(inode.flags, INODE_FLAG.indexed) ? gaps.map((gap) => behindIndex(bytes, gap)) : gaps
  }

  #gaps(inode: Inode, path: readonly Buffer[] | null, stored: StoredBlock, known: Set<string>): void {
    for (const gap of this.#gapsOf(inode, stored.bytes, stored.from)) {
      for (const dirent of remnantsIn(this.#superblock, stored.bytes, gap)) {
        this.#add(dirent, inode.number, path, null, stored.block ?? 0, known)
      }
    }
  }

  #past(inode: Inode, path: readonly Buffer[] | null, block: number, known: Set<string>): void {
    this.#seenBlocks.add(block)
    for (const copy of this.#history.of(block).toReversed()) {
      const bytes = this.#blocks.copyOf(copy, this.#copy)
      if (this.#isOf(inode, bytes)) this.#entriesOf(bytes, inode.number, path, copy, known)
    }
  }

  #entriesOf(
    bytes: Buffer,
    parent: number,
    path: readonly Buffer[] | null,
    copy: PastCopy,
    known: Set<string>,
  ): void {
    const { entries, brokenAt } = parseDirectoryBlock(this.#superblock, bytes)
    if (brokenAt !== null) return
    for (const dirent of entries) {
      this.#add(dirent, parent, path, copy.order, copy.offset / this.#superblock.blockBytes, known)
    }
  }

  /**
   * True where a block can belong to this directory: by its `.` entry where it has one, and by its checksum where there
   * are any.
   */
  #isOf(inode: Inode, bytes: Buffer): boolean {
    const own = ownInode(bytes)
    if (own !== null) return own === inode.number
    if (parseDirectoryBlock(this.#superblock, bytes).brokenAt !== null) return false
    const seed = inodeChecksumSeed(this.#superblock, inode.number, inode.generation)
    return directoryChecksumAgrees(this.#superblock, seed, bytes, has(inode.flags, INODE_FLAG.indexed))
  }

  #add(
    dirent: Dirent,
    parent: number,
    parentPath: readonly Buffer[] | null,
    order: number | null,
    block: number,
    known: Set<string>,
  ): void {
    if (isDots(dirent.name) || this.full) return
    const life = this.#versions.at(dirent.inode, order)
    const key = keyOf(dirent, life)
    if (known.has(key)) return
    known.add(key)
    this.#count += 1
    const offset = block * this.#superblock.blockBytes + dirent.at
    // The directory's number may have been another directory's then.
    const then = order === null ? null : this.#versions.at(parent, order)
    const path = then === null || then.live ? parentPath : null
    const name: PastName = { ...dirent, life, parent, parentPath: path, order, offset }
    if (dirent.inode === 0) this.#ofNothing.push(name)
    else {
      const names = this.#byInode.get(dirent.inode)
      if (names) names.push(name)
      else this.#byInode.set(dirent.inode, [name])
    }
  }
}

const keyOf = (dirent: Dirent, life: Version | null): string =>
  `${dirent.inode} ${life?.generation ?? ''}/${dirent.name.toString('latin1')}`

/** Inode of the directory whose first block this is, from its first entry `.`. */
function ownInode(bytes: Buffer): number | null {
  const dot = bytes.readUInt16LE(4) === 12 && bytes[6] === 1 && bytes[8] === 0x2e && bytes[9] === 0
  const dots = bytes[18] === 2 && bytes[20] === 0x2e && bytes[21] === 0x2e
  return dot && dots ? bytes.readUInt32LE(0) : null
}

const NONE: readonly PastName[] = []
