/**
 * Whether the content of an inode that is not in use any more is still there.
 *
 * It is, when each of its blocks is free by the block bitmap, belongs to no live file, was not written as metadata since, and was
 * not taken by something that was deleted later. Anything else is said, and nothing is read in its place. What took blocks and
 * gave them back within one transaction, five seconds at most, leaves no trace in metadata; nobody can see that.
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import { BitPages } from './bit-pages.ts'
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
  /** Blocks of what was deleted later than what is asked for now. */
  readonly #taken = new BitPages()

  constructor(groups: Groups, blocks: Blocks, history: History, usage: Usage) {
    this.#superblock = groups.superblock
    this.#reuse = new Reuse(groups, blocks, history)
    this.#blocks = blocks
    this.#history = history
    this.#usage = usage
  }

  /**
   * To be asked for what was deleted last first: it holds the blocks that it shares with others.
   * @param order transaction of the inode's state; null: as its slot is now
   * @param freed transaction that shows the inode without blocks; null: none is known
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
    // Transactions that the journal lost may have taken and given back any of the blocks.
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

  /** A block of the tree as it was then, from the journal; else as it is now, while nothing else has it. */
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
    // Blocks of a tree outside the inode may have become anything: what they say must add up to what the inode says.
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
      // Each block is taken, whatever becomes of it: what was deleted before cannot have it.
      const first = this.#taken.add(at)
      const unused = free === length || this.isFree(at)
      const reused = since.has(at) || (freed !== null && this.#reuse.inUseAfter(at, freed))
      if (!first || !unused || reused) gone += 1
    }
    return { gone, sound }
  }
}

/** Blocks of one deleted directory that are looked through. */
const DIRECTORY_BLOCKS_MOST = 65_536

const none = (reason: string, detail: string): ContentPlace => ({ kind: 'none', reason, detail })
