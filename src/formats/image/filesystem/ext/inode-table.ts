/** Inodes by number, in the state after the replay; and those that were ever used. */
import type { Blocks } from './blocks.ts'
import { firstNotBelow } from './blocks.ts'
import type { Groups } from './groups.ts'
import { type Inode, parseInode } from './inode.ts'

export class InodeTable {
  readonly #blocks: Blocks
  readonly #groups: Groups
  #firsts: { starts: Float64Array; groups: Uint32Array } | undefined

  constructor(blocks: Blocks, groups: Groups) {
    this.#blocks = blocks
    this.#groups = groups
  }

  /** @returns null when there is no such inode, or its slot is not on the volume */
  inode(number: number): Inode | null {
    const { superblock } = this.#groups
    if (!(number >= 1 && number <= superblock.inodes)) return null
    const group = this.#groups.group(Math.floor((number - 1) / superblock.inodesPerGroup))
    if (group.inodeTable === 0) return null
    const index = (number - 1) % superblock.inodesPerGroup
    const at = group.inodeTable * superblock.blockBytes + index * superblock.inodeBytes
    const raw = this.#blocks.bytes(at, superblock.inodeBytes)
    return raw && parseInode(superblock, number, raw, this.#blocks.replayedOffset(at))
  }

  /** Number of the first inode in a table's block; null when the block belongs to no table. */
  firstInodeIn(block: number): number | null {
    const { superblock } = this.#groups
    const { starts, groups } = (this.#firsts ??= this.#inOrder())
    const index = firstNotBelow(starts, block + 1) - 1
    const start = starts[index]
    const group = groups[index]
    if (start === undefined || group === undefined) return null
    const perBlock = superblock.blockBytes / superblock.inodeBytes
    const within = (block - start) * perBlock
    return within < superblock.inodesPerGroup ? group * superblock.inodesPerGroup + within + 1 : null
  }

  #inOrder(): { starts: Float64Array; groups: Uint32Array } {
    const { groups: count } = this.#groups.superblock
    const numbers = Array.from({ length: count }, (_, number) => number)
    numbers.sort((a, b) => this.#groups.group(a).inodeTable - this.#groups.group(b).inodeTable)
    return {
      starts: Float64Array.from(numbers, (number) => this.#groups.group(number).inodeTable),
      groups: Uint32Array.from(numbers),
    }
  }
}
