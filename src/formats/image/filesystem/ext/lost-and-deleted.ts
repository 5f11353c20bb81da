/** Searches the inode tables for inodes that no directory names, and for unused ones. */
import type { Blocks } from './blocks.ts'
import type { Groups } from './groups.ts'
import { INODE_FLAG, type Inode, parseInode } from './inode.ts'
import { has } from './superblock.ts'

export interface Unnamed {
  /** In use, and no directory names them: cut off by damage, or removed while open. */
  readonly lost: readonly number[]
  /** Unused inodes that were once in use. */
  readonly deleted: readonly number[]
}

/** @param isNamed true for an inode that a directory names */
export function unnamedInodes(groups: Groups, blocks: Blocks, isNamed: (inode: number) => boolean): Unnamed {
  const { superblock } = groups
  const { inodesPerGroup, inodeBytes, blockBytes, firstInode, hiddenInodes } = superblock
  const lost: number[] = []
  const deleted: number[] = []
  const perBlock = blockBytes / inodeBytes
  const blank = Buffer.alloc(blockBytes)
  for (let number = 0; number < superblock.groups; number++) {
    const group = groups.group(number)
    if (group.inodesUnused || group.inodeTable === 0) continue
    const used = inodesPerGroup - group.unusedAtEnd
    const bitmap = groups.inodeBitmap(number)
    for (let index = 0; index < used; index += perBlock) {
      const bytes = blocks.quickPreview(group.inodeTable + index / perBlock)
      if (!bytes || bytes.equals(blank)) continue
      for (let slot = 0; slot < perBlock && index + slot < used; slot++) {
        const at = number * inodesPerGroup + index + slot + 1
        if (at < firstInode || hiddenInodes.includes(at)) continue
        const inUse = bitmap && isSet(bitmap, index + slot)
        if (inUse === true && isNamed(at)) continue
        const raw = bytes.subarray(slot * inodeBytes, (slot + 1) * inodeBytes)
        if (raw.readUInt16LE(0) === 0) continue
        const inode = parseInode(superblock, at, raw, null)
        if (!isInUse(inode, bitmap, index + slot)) deleted.push(at)
        else if (!isNamed(at) && !has(inode.flags, INODE_FLAG.attributeValue)) lost.push(at)
      }
    }
  }
  return { lost, deleted }
}

/** By the bitmap; without a readable one, by the inode's own fields. */
export function isInUse(inode: Inode, bitmap: Buffer | null, index: number): boolean {
  if (bitmap) return isSet(bitmap, index)
  return inode.links > 0 && inode.deletedSeconds === 0
}

const isSet = (bitmap: Buffer, index: number): boolean =>
  ((bitmap[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0
