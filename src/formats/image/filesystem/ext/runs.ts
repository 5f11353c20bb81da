/**
 * Place of an inode's contents: extents, or direct and indirect blocks. A hostile tree may point at itself: every block
 * is followed once, extents may only go forward, and runs have a limit. A branch that cannot be followed becomes a run
 * outside the volume, which reads as zeros and is reported.
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { ByteRange } from '../../../../contracts/image.ts'
import { crc32c } from '../../../../hash/crc32c.ts'
import { INODE_FLAG, type Inode, inodeChecksumSeed } from './inode.ts'
import { has, INCOMPAT, RO_COMPAT, type Superblock } from './superblock.ts'

/** Most runs of one content: with blocks of 4 KiB, 4 GiB of a file without two neighbouring blocks. */
const RUNS_MOST = 1_048_576
/** Deeper trees do not occur (fs/ext4: EXT4_MAX_EXTENT_DEPTH). */
const DEPTH_MOST = 5
const EXTENT_MAGIC = 0xf30a
const UNWRITTEN = 32_768

/** A stretch of blocks of a content; `block` null: unwritten or damaged. */
export interface Extent {
  readonly logical: number
  readonly length: number
  readonly block: number
  readonly state: 'written' | 'unwritten' | 'damaged'
}

export interface Layout {
  readonly extents: readonly Extent[]
  /** Blocks of the tree itself. */
  readonly treeBlocks: number
  /** Codes: `extents-damaged`, `extents-checksum`, `runs-too-many`. */
  readonly problems: readonly string[]
}

/** Returns a block of the tree, or null when no trustworthy one exists. */
export type TreeReader = (block: number) => Buffer | null

export function layoutOf(superblock: Superblock, inode: Inode, read: TreeReader): Layout {
  const tree = new Tree(superblock, inode, read)
  if (has(inode.flags, INODE_FLAG.extents)) tree.extents(inode.raw.subarray(40, 100), 0, 2 ** 32, DEPTH_MOST)
  else tree.pointers(inode.raw.subarray(40, 100))
  return { extents: tree.found, treeBlocks: tree.visited.size, problems: [...tree.problems] }
}

/** The first `sizeBytes` of a content as runs of the volume: unwritten stretches and holes read as zeros. */
export function runsOf(
  superblock: Superblock,
  layout: Layout,
  sizeBytes: number,
  volumeBytes: number,
): DataRun[] {
  const { blockBytes } = superblock
  const runs: DataRun[] = []
  let end = 0
  const add = (offset: number | null, length: number) => {
    const before = runs.at(-1)
    const joins =
      before !== undefined &&
      (offset === null
        ? before.offset === null
        : before.offset !== null && before.offset + before.length === offset)
    if (joins) runs[runs.length - 1] = { offset: before.offset, length: before.length + length }
    else runs.push({ offset, length })
    end += length
  }
  for (const extent of layout.extents) {
    const from = extent.logical * blockBytes
    if (from >= sizeBytes) break
    if (from > end) add(null, from - end)
    const length = Math.min(extent.length * blockBytes, sizeBytes - from)
    if (extent.state === 'damaged') add(volumeBytes, length)
    else add(extent.state === 'unwritten' ? null : extent.block * blockBytes, length)
  }
  if (end < sizeBytes) add(null, sizeBytes - end)
  return runs
}

class Tree {
  readonly found: Extent[] = []
  readonly visited = new Set<number>()
  readonly problems = new Set<string>()
  readonly #superblock: Superblock
  readonly #inode: Inode
  readonly #read: TreeReader

  constructor(superblock: Superblock, inode: Inode, read: TreeReader) {
    this.#superblock = superblock
    this.#inode = inode
    this.#read = read
  }

  /** One node of an extent tree, for logical blocks in [from, to). */
  extents(node: Buffer, from: number, to: number, deepest: number): void {
    const entries = node.readUInt16LE(2)
    const depth = node.readUInt16LE(6)
    if (node.readUInt16LE(0) !== EXTENT_MAGIC || 12 + entries * 12 > node.length || depth > deepest) {
      this.#damaged(from, to)
      return
    }
    let next = from
    for (let index = 0; index < entries; index++) {
      const at = 12 + index * 12
      const logical = node.readUInt32LE(at)
      if (logical < next || logical >= to) {
        this.#damaged(next, to)
        return
      }
      if (depth === 0) next = this.#leaf(node, at, logical, to)
      else {
        const until = index + 1 < entries ? node.readUInt32LE(at + 12) : to
        const end = until > logical && until <= to ? until : to
        const block = node.readUInt32LE(at + 4) + node.readUInt16LE(at + 8) * 2 ** 32
        this.#child(block, logical, end, depth - 1)
        next = end
      }
      if (this.problems.has('runs-too-many')) return
    }
  }

  #leaf(node: Buffer, at: number, logical: number, to: number): number {
    const stated = node.readUInt16LE(at + 4)
    const unwritten = stated > UNWRITTEN
    const length = Math.min(unwritten ? stated - UNWRITTEN : stated, to - logical)
    const block = node.readUInt32LE(at + 8) + node.readUInt16LE(at + 6) * 2 ** 32
    this.#add(logical, length, block, unwritten ? 'unwritten' : 'written')
    return logical + length
  }

  #child(block: number, from: number, to: number, depth: number): void {
    const node = this.#once(block)
    if (!node) {
      this.#damaged(from, to)
      return
    }
    if (node.readUInt16LE(6) !== depth) {
      this.#damaged(from, to)
      return
    }
    if (!this.#checksumAgrees(node)) this.problems.add('extents-checksum')
    this.extents(node, from, to, depth)
  }

  #checksumAgrees(node: Buffer): boolean {
    if (!has(this.#superblock.roCompat, RO_COMPAT.metadataChecksum)) return true
    const tail = 12 + node.readUInt16LE(4) * 12
    if (tail + 4 > node.length) return false
    const seed = inodeChecksumSeed(this.#superblock, this.#inode.number, this.#inode.generation)
    return crc32c(seed, node.subarray(0, tail)) === node.readUInt32LE(tail)
  }

  /** The fifteen pointers of an inode without extents: twelve direct, one each to single, double and triple indirect blocks. */
  pointers(area: Buffer): void {
    const last = Math.ceil(this.#inode.sizeBytes / this.#superblock.blockBytes)
    const perBlock = this.#superblock.blockBytes / 4
    let logical = 0
    for (let index = 0; index < 15 && logical < last; index++) {
      const depth = Math.max(0, index - 11)
      this.#pointer(area.readUInt32LE(index * 4), logical, depth, last)
      logical += perBlock ** depth
    }
  }

  #pointer(block: number, logical: number, depth: number, last: number): void {
    if (block === 0) return
    const perBlock = this.#superblock.blockBytes / 4
    if (depth === 0) {
      this.#add(logical, 1, block, 'written')
      return
    }
    const node = this.#once(block)
    if (!node) {
      this.#damaged(logical, Math.min(last, logical + perBlock ** depth))
      return
    }
    const step = perBlock ** (depth - 1)
    for (let index = 0; index < perBlock; index++) {
      const at = logical + index * step
      if (at >= last || this.problems.has('runs-too-many')) return
      this.#pointer(node.readUInt32LE(index * 4), at, depth - 1, last)
    }
  }

  #once(block: number): Buffer | null {
    if (this.visited.has(block)) return null
    const node = this.#inside(block, 1) ? this.#read(block) : null
    if (node) this.visited.add(block)
    return node
  }

  #inside(block: number, length: number): boolean {
    return block > 0 && block >= this.#superblock.firstDataBlock && block + length <= this.#superblock.blocks
  }

  #damaged(from: number, to: number): void {
    this.problems.add('extents-damaged')
    const end = Math.min(to, Math.ceil(this.#inode.sizeBytes / this.#superblock.blockBytes))
    if (end > from) this.#push({ logical: from, length: end - from, block: 0, state: 'damaged' })
  }

  #add(logical: number, length: number, block: number, state: 'written' | 'unwritten'): void {
    if (length > 0 && this.#inside(block, length)) this.#push({ logical, length, block, state })
    else this.#damaged(logical, logical + Math.max(length, 1))
  }

  #push(extent: Extent): void {
    const before = this.found.at(-1)
    const joins =
      before !== undefined &&
      before.state === extent.state &&
      before.logical + before.length === extent.logical &&
      (extent.state === 'damaged' || before.block + before.length === extent.block)
    if (joins) this.found[this.found.length - 1] = { ...before, length: before.length + extent.length }
    else if (this.found.length < RUNS_MOST) this.found.push(extent)
    else this.problems.add('runs-too-many')
  }
}

/** A content inside its inode, as ranges of the slot: 60 bytes, then the attribute `system.data`; null: none. */
export function inlineParts(superblock: Superblock, inode: Inode): readonly ByteRange[] | null {
  if (!has(superblock.incompat, INCOMPAT.inlineData) || !has(inode.flags, INODE_FLAG.inlineData)) return null
  const { raw } = inode
  const first = { offset: 40, length: 60 }
  const attributes = 128 + (raw.length > 128 ? raw.readUInt16LE(128) : 0)
  if (raw.length < attributes + 4 || raw.readUInt32LE(attributes) !== ATTRIBUTE_MAGIC) return [first]
  const base = attributes + 4
  for (let at = base; at + 16 <= raw.length && raw.readUInt32LE(at) !== 0; ) {
    const nameLength = raw[at] ?? 0
    const name = raw.subarray(at + 16, at + 16 + nameLength).toString('latin1')
    if (raw[at + 1] === SYSTEM && name === 'data') {
      const offset = base + raw.readUInt16LE(at + 2)
      const length = raw.readUInt32LE(at + 8)
      return offset + length > raw.length ? [first] : [first, { offset, length }]
    }
    at += (16 + nameLength + 3) & ~3
  }
  return [first]
}

/** The bytes of `inlineParts`. */
export function inlineData(superblock: Superblock, inode: Inode): Buffer | null {
  const parts = inlineParts(superblock, inode)
  return (
    parts && Buffer.concat(parts.map(({ offset, length }) => inode.raw.subarray(offset, offset + length)))
  )
}
const ATTRIBUTE_MAGIC = 0xea020000
/** Index of the prefix `system.` of names of attributes. */
const SYSTEM = 7
