/** Looks through the tables of inodes for those that no directory names, and for those that are not in use any more. */
import type { Blocks } from './blocks.ts'
import type { Groups } from './groups.ts'
import { INODE_FLAG, type Inode, parseInode } from './inode.ts'
import { has } from './superblock.ts'

export interface Unnamed {
  /** In use, and no directory names them: cut off by damage, or removed while open. */
  readonly lost: readonly number[]
  /** Not in use, and once were. */
  readonly deleted: readonly number[]
}

export function unnamedInodes(groups: Groups, blocks: Blocks, isNamed: (inode: number) => boolean): Unnamed {
  const lost: number[] = []
  const deleted: number[] = []
  for (const { inode, inUse } of everyInode(groups, blocks)) {
    if (!inUse) deleted.push(inode.number)
    else if (!isNamed(inode.number) && !has(inode.flags, INODE_FLAG.attributeValue)) lost.push(inode.number)
  }
  return { lost, deleted }
}

/** Inodes that are in use, or once were; without those of the file system itself. */
function* everyInode(groups: Groups, blocks: Blocks): Generator<{ inode: Inode; inUse: boolean }> {
  const { superblock } = groups
  const { inodesPerGroup, inodeBytes, blockBytes, firstInode, hiddenInodes } = superblock
  const perBlock = blockBytes / inodeBytes
  const blank = Buffer.alloc(blockBytes)
  for (let number = 0; number < superblock.groups; number++) {
    const group = groups.group(number)
    if (group.inodesUnused || group.inodeTable === 0) continue
    const used = inodesPerGroup - group.unusedAtEnd
    const bitmap = groups.inodeBitmap(number)
    for (let index = 0; index < used; index += perBlock) {
      const bytes = blocks.read(group.inodeTable + index / perBlock)
      if (!bytes || bytes.equals(blank)) continue
      for (let slot = 0; slot < perBlock && index + slot < used; slot++) {
        const raw = bytes.subarray(slot * inodeBytes, (slot + 1) * inodeBytes)
        const at = number * inodesPerGroup + index + slot + 1
        if (raw.readUInt16LE(0) === 0 || at < firstInode || hiddenInodes.includes(at)) continue
        const inode = parseInode(superblock, at, raw)
        yield { inode, inUse: isInUse(inode, bitmap, index + slot) }
      }
    }
  }
}

/** By the bitmap; where there is none that can be read, by what the inode says of itself. */
export function isInUse(inode: Inode, bitmap: Buffer | null, index: number): boolean {
  if (bitmap) return ((bitmap[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0
  return inode.links > 0 && inode.deletedSeconds === 0
}
