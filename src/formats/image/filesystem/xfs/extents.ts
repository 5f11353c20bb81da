/**
 * Extents of a data fork, listed in the inode or in a tree of blocks.
 * @see Linux fs/xfs/libxfs/xfs_bmap_btree.c and xfs_btree.c
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Blocks } from './blocks.ts'
import type { Inode } from './inode.ts'
import { checksumAgrees, number, placeOf, type Superblock } from './superblock.ts'

/** Blocks of a content: `logical` in the content, `block` counted over the volume. */
export interface Extent {
  readonly logical: number
  readonly length: number
  readonly block: number
  /** Allocated and never written: reads as zeros. */
  readonly isUnwritten: boolean
}

export interface Layout {
  /** In order of their place in the content, without overlaps. */
  readonly extents: readonly Extent[]
  /** Blocks of the tree, counted over the volume. */
  readonly treeBlocks: readonly number[]
  readonly problems: ReadonlySet<string>
}

/** Bound of a content's extents, as of the other file systems. */
const EXTENTS_MOST = 1 << 20
const DEPTH_MOST = 9
const RECORD_BYTES = 16

export function layoutOf(superblock: Superblock, blocks: Blocks, inode: Inode): Layout {
  const reading = new Reading(superblock, blocks)
  const { fork, form } = inode
  if (form === 'extents') reading.records(fork, 0, inode.extents)
  else if (form === 'tree') reading.root(fork)
  else reading.problems.add('extents-damaged')
  return reading.layout(inode.extents)
}

class Reading {
  readonly problems = new Set<string>()
  readonly #superblock: Superblock
  readonly #blocks: Blocks | null
  readonly #found: Extent[] = []
  readonly #tree = new Set<number>()

  constructor(superblock: Superblock, blocks: Blocks | null) {
    this.#superblock = superblock
    this.#blocks = blocks
  }

  layout(stated: number): Layout {
    const extents = this.#found.sort((a, b) => a.logical - b.logical)
    if (this.problems.size === 0 && this.#read !== stated) this.problems.add('extents-damaged')
    const apart = extents.filter((one, i) => i === 0 || one.logical >= endOf(extents[i - 1]!))
    if (apart.length < extents.length) this.problems.add('extents-damaged')
    return { extents: apart, treeBlocks: [...this.#tree], problems: this.problems }
  }

  #read = 0

  records(bytes: Buffer, from: number, count: number): void {
    if (count < 0 || from + count * RECORD_BYTES > bytes.length) {
      this.problems.add('extents-damaged')
      return
    }
    for (let i = 0; i < count; i++) {
      if (this.#found.length >= EXTENTS_MOST) {
        this.problems.add('runs-too-many')
        return
      }
      this.#record(bytes, from + i * RECORD_BYTES)
    }
    this.#read += count
  }

  /** 1 bit unwritten, 54 bits place in the content, 52 bits block, 21 bits length. */
  #record(bytes: Buffer, at: number): void {
    const high = bytes.readBigUInt64BE(at)
    const low = bytes.readBigUInt64BE(at + 8)
    const logical = Number((high & 0x7fff_ffff_ffff_ffffn) >> 9n)
    const length = Number(low & 0x1f_ffffn)
    const place = placeOf(this.#superblock, Number(((high & 0x1ffn) << 43n) | (low >> 21n)))
    const { groupBlocks, blocks } = this.#superblock
    // An extent lies inside one group.
    const inside = place !== null && (place % groupBlocks) + length <= groupBlocks && place + length <= blocks
    if (length === 0 || !inside || !Number.isSafeInteger((logical + length) * this.#superblock.blockBytes)) {
      this.problems.add('extents-damaged')
      return
    }
    this.#found.push({ logical, length, block: place, isUnwritten: high >> 63n === 1n })
  }

  root(fork: Buffer): void {
    const level = fork.length < 4 ? 0 : fork.readUInt16BE(0)
    if (level < 1 || level > DEPTH_MOST) {
      this.problems.add('extents-damaged')
      return
    }
    this.#children(fork, 4, Math.floor((fork.length - 4) / RECORD_BYTES), fork.readUInt16BE(2), level - 1)
  }

  #children(bytes: Buffer, from: number, most: number, count: number, level: number): void {
    if (count > most || count === 0) {
      this.problems.add('extents-damaged')
      return
    }
    for (let i = 0; i < count && !this.problems.has('runs-too-many'); i++)
      this.#block(number(bytes, from + most * 8 + i * 8), level)
  }

  #block(block: number, level: number): void {
    const { blockBytes, version } = this.#superblock
    const place = placeOf(this.#superblock, block)
    const bytes =
      place === null || this.#tree.has(place)
        ? null
        : (this.#blocks?.read(place * blockBytes, blockBytes) ?? null)
    const magic = version === 5 ? 'BMA3' : 'BMAP'
    if (
      place === null ||
      !bytes ||
      bytes.toString('latin1', 0, 4) !== magic ||
      bytes.readUInt16BE(4) !== level
    ) {
      this.problems.add('extents-damaged')
      return
    }
    this.#tree.add(place)
    if (version === 5 && !checksumAgrees(bytes, 64)) this.problems.add('extents-checksum')
    const from = version === 5 ? 72 : 24
    const count = bytes.readUInt16BE(6)
    if (level === 0) this.records(bytes, from, count)
    else this.#children(bytes, from, Math.floor((blockBytes - from) / RECORD_BYTES), count, level - 1)
  }
}

/**
 * Extents whose bytes remain in the fork of a removed file's inode: from the start of the content on, in order. The
 * number of extents is zero then, so the list ends at the first bytes that cannot be one.
 */
export function remainingExtents(superblock: Superblock, fork: Buffer): Extent[] {
  const reading = new Reading(superblock, null)
  let extents: readonly Extent[] = []
  for (let at = 0; at + RECORD_BYTES <= fork.length; at += RECORD_BYTES) {
    reading.records(fork, at, 1)
    if (reading.problems.size > 0) break
    const { extents: found, problems } = reading.layout(at / RECORD_BYTES + 1)
    if (problems.size > 0 || found[0]!.logical !== 0) break
    extents = found
  }
  return [...extents]
}

export const endOf = ({ logical, length }: Extent): number => logical + length

/** Runs of a content up to its size; what is not allocated or not written is a hole. */
export function runsOf({ blockBytes }: Superblock, extents: readonly Extent[], sizeBytes: number): DataRun[] {
  const runs: DataRun[] = []
  let at = 0
  const hole = (until: number) => {
    if (until > at) runs.push({ offset: null, length: until - at })
    at = Math.max(at, until)
  }
  for (const { logical, length, block, isUnwritten } of extents) {
    const from = logical * blockBytes
    if (isUnwritten) continue
    if (from >= sizeBytes) break
    hole(from)
    const bytes = Math.min(length * blockBytes, sizeBytes - from)
    runs.push({ offset: block * blockBytes, length: bytes })
    at = from + bytes
  }
  hole(sizeBytes)
  return runs
}

/** All blocks of the extents, for the map of what is in use: holes keep the place in the content. */
export function blocksOf({ blockBytes }: Superblock, extents: readonly Extent[]): DataRun[] {
  const runs: DataRun[] = []
  let at = 0
  for (const extent of extents) {
    if (extent.logical > at) runs.push({ offset: null, length: (extent.logical - at) * blockBytes })
    runs.push({ offset: extent.block * blockBytes, length: extent.length * blockBytes })
    at = endOf(extent)
  }
  return runs
}
