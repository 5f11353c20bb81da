/**
 * Positions of block groups, and the superblocks and descriptors in their first blocks.
 *
 * Kernel sources of the layout: descriptor_loc and ext4_bg_has_super (fs/ext4).
 */
import { COMPAT, has, INCOMPAT, RO_COMPAT, type Superblock } from './superblock.ts'

export class GroupLayout {
  readonly superblock: Superblock

  constructor(superblock: Superblock) {
    this.superblock = superblock
  }

  firstBlock(group: number): number {
    return this.superblock.firstDataBlock + group * this.superblock.blocksPerGroup
  }

  /** Clusters of a group: fewer in the last. */
  clusters(group: number): number {
    const { blocks, blocksPerGroup, clusterBlocks } = this.superblock
    return Math.ceil(Math.min(blocksPerGroup, blocks - this.firstBlock(group)) / clusterBlocks)
  }

  /** Blocks with a group's descriptor: the one in use first, then its backups. */
  descriptorBlocks(number: number): number[] {
    const { superblock } = this
    const perBlock = superblock.blockBytes / superblock.descriptorBytes
    const index = Math.floor(number / perBlock)
    if (has(superblock.incompat, INCOMPAT.metaBlockGroups) && index >= superblock.firstMetaGroup) {
      const first = index * perBlock
      return [first, first + 1, first + perBlock - 1]
        .filter((group) => group < superblock.groups)
        .map((group) => this.firstBlock(group) + this.#superblockBlocks(group))
    }
    const backups = Array.from({ length: Math.min(superblock.groups, 128) }, (_, group) => group)
      .filter((group) => group === 0 || this.hasSuperblock(group))
      .slice(0, 4)
    return backups.map((group) => this.firstBlock(group) + this.#superblockBlocks(group) + index)
  }

  /** Blocks that a superblock takes at the beginning of a group. */
  #superblockBlocks(group: number): number {
    if (!this.hasSuperblock(group)) return 0
    // With 1 KiB blocks that count from 0, the boot block comes first.
    const bootBlock =
      group === 0 && this.superblock.blockBytes === 1024 && this.superblock.firstDataBlock === 0
    return bootBlock ? 2 : 1
  }

  hasSuperblock(group: number): boolean {
    const { superblock } = this
    if (group === 0) return true
    if (has(superblock.compat, COMPAT.sparseSuper2)) return superblock.backupGroups.includes(group)
    if (group === 1 || !has(superblock.roCompat, RO_COMPAT.sparseSuper)) return true
    return [3, 5, 7].some((base) => {
      let power = base
      while (power < group) power *= base
      return power === group
    })
  }

  /** Number of blocks at the beginning of a group for superblock, descriptors and reserved growth. */
  baseBlocks(group: number): number {
    const { superblock } = this
    const perBlock = superblock.blockBytes / superblock.descriptorBytes
    const metaGroups = has(superblock.incompat, INCOMPAT.metaBlockGroups)
    const superblocks = this.#superblockBlocks(group)
    if (!metaGroups || group < superblock.firstMetaGroup * perBlock) {
      if (superblocks === 0) return 0
      const all = metaGroups ? superblock.firstMetaGroup : Math.ceil(superblock.groups / perBlock)
      return superblocks + all + superblock.reservedDescriptorBlocks
    }
    const within = group % perBlock
    return superblocks + (within === 0 || within === 1 || within === perBlock - 1 ? 1 : 0)
  }
}
