/**
 * Decides whether the content of an unused inode is intact.
 *
 * It is where each of its blocks is free in the block bitmap, belongs to no live file, was not written as metadata
 * since, and was not taken by a file that was deleted later. Otherwise the reason is reported, and no byte is read in
 * its place.
 * A file that took blocks and freed them within one transaction (five seconds at most) leaves no trace in metadata;
 * this cannot be detected.
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import { BitPages } from '../common/bit-pages.ts'
import type { Blocks } from './blocks.ts'
import { type Content, contentOf } from './content.ts'
import type { Groups } from './groups.ts'
import type { History } from './history.ts'
import type { Inode } from './inode.ts'
import { Reuse } from './reuse.ts'
import type { Layout, TreeReader } from './runs.ts'
import type { Superblock } from './superblock.ts'
import type { Usage } from './usage.ts'

export interface Recovered {
  readonly place: ContentPlace
  readonly linkTarget: Buffer | null
  readonly overwritten: boolean
  readonly notes: readonly string[]
}

export class Recovery {
  readonly #superblock: Superblock
  readonly #blocks: Blocks
  readonly #history: History
  readonly #usage: Usage
  readonly #reuse: Reuse
  /** Blocks of files that were deleted later than the present one. */
  readonly #taken = new BitPages()

  constructor(groups: Groups, blocks: Blocks, history: History, usage: Usage) {
    this.#superblock = groups.superblock
    this.#reuse = new Reuse(groups, blocks, history)
    this.#blocks = blocks
    this.#history = history
    this.#usage = usage
  }

  /**
   * Call it for the last deleted file first: it gets blocks that it shares with others.
   * @param order transaction of the inode's state; null: its present slot
   * @param freed transaction that shows the inode without blocks; null: unknown
   */
  contentOf(inode: Inode, order: number | null, freed: number | null): Recovered {
    const content = this.#placed(inode, order)
    const { layout, notes, linkTarget } = content
    if (!layout || content.place.kind === 'none')
      return { place: content.place, linkTarget, overwritten: false, notes }
    const lost = this.#lost(inode, layout)
    if (lost) return { place: none('not-recorded', lost), linkTarget: null, overwritten: false, notes }

    let blocks = 0
    let gone = 0
    let sound = true
    for (const extent of layout.extents) {
      if (extent.state !== 'written') continue
      const survey = this.#survey(extent.block, extent.length, order, freed)
      blocks += extent.length
      gone += survey.gone
      sound &&= survey.sound
    }
    const said = [...notes]
    if (!sound) said.push('block-bitmap-damaged')
    // Transactions missing from the journal may have taken and freed any of the blocks.
    if (order !== null && (freed === null || !this.#history.isWholeSince(freed)))
      said.push('journal-incomplete')
    if (gone === 0) return { place: content.place, linkTarget, overwritten: false, notes: said }
    const reason = gone === blocks ? 'overwritten' : 'overwritten-in-part'
    const { blockBytes } = this.#superblock
    const place = none(reason, `${gone * blockBytes} ${blocks * blockBytes}`)
    return { place, linkTarget: null, overwritten: true, notes: said }
  }

  /** Blocks of a directory as its inode was, in order. */
  blocksOf(inode: Inode, order: number | null): number[] {
    const { layout } = this.#placed({ ...inode, kind: 'file' }, order)
    const blocks: number[] = []
    for (const extent of layout?.extents ?? []) {
      if (extent.state !== 'written') continue
      for (let index = 0; index < extent.length && blocks.length < DIRECTORY_BLOCKS_MOST; index++) {
        blocks.push(extent.block + index)
      }
    }
    return blocks
  }

  isFree(block: number): boolean {
    return this.#usage.freeBlocks(block, 1).free === 1
  }

  #placed(inode: Inode, order: number | null): Content {
    return contentOf(this.#superblock, this.#blocks, inode, this.#treeReader(order))
  }

  /**
   * A block of the tree in its former state from the journal; else in its present state, unless another file has it.
   */
  #treeReader(order: number | null): TreeReader {
    return (block) => {
      const past = order === null ? null : this.#history.asOf(block, order)
      if (past) return this.#blocks.copyOf(past)
      return this.isFree(block) ? this.#blocks.read(block) : null
    }
  }

  /** Why a layout cannot be that of the inode; null: it can. */
  #lost(inode: Inode, layout: Layout): string | null {
    if (layout.extents.length === 0) return inode.sizeBytes > 0 ? 'no-blocks' : null
    if (layout.problems.length > 0) return layout.problems.join(' ')
    if (layout.treeBlocks === 0 || this.#superblock.clusterBlocks > 1) return null
    // Tree blocks outside the inode may have been reused: their sum must equal the inode's own count.
    const data = layout.extents.reduce((sum, extent) => sum + extent.length, 0)
    const attributes = inode.attributeBlock === 0 ? 0 : 1
    const stated = inode.allocatedBytes / this.#superblock.blockBytes
    return data + layout.treeBlocks + attributes === stated ? null : 'tree-implausible'
  }

  #survey(
    block: number,
    length: number,
    order: number | null,
    freed: number | null,
  ): { gone: number; sound: boolean } {
    const { free, sound } = this.#usage.freeBlocks(block, length)
    const since = new Set(order === null ? [] : this.#history.writtenAfter(block, length, order))
    let gone = 0
    for (let at = block; at < block + length; at++) {
      // Each block counts as taken: files deleted earlier cannot have it.
      const first = this.#taken.add(at)
      const unused = free === length || this.isFree(at)
      const reused = since.has(at) || (freed !== null && this.#reuse.inUseAfter(at, freed))
      if (!first || !unused || reused) gone += 1
    }
    return { gone, sound }
  }
}

/** Most blocks of one deleted directory that are searched. */
const DIRECTORY_BLOCKS_MOST = 65_536

const none = (reason: string, detail: string): ContentPlace => ({ kind: 'none', reason, detail })
