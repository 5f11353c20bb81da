/**
 * Last use of blocks, by the copies of block bitmaps in the journal.
 *
 * A file that took the blocks of a deleted content and freed them leaves no other trace, when it is live with other
 * blocks.
 */
import { Recent } from '../../content/recent.ts'
import type { Blocks } from './blocks.ts'
import type { Groups } from './groups.ts'
import type { History } from './history.ts'

/** Groups whose result is kept: 128 KiB each. */
const GROUPS_KEPT = 128
const NEVER = -0x80000000

export class Reuse {
  readonly #groups: Groups
  readonly #blocks: Blocks
  readonly #history: History
  /** For each cluster of a group the newest transaction that shows it in use. */
  readonly #lastUses = new Recent<number, Int32Array | null>(GROUPS_KEPT)

  constructor(groups: Groups, blocks: Blocks, history: History) {
    this.#groups = groups
    this.#blocks = blocks
    this.#history = history
  }

  /** Whether a block was in use after a transaction. */
  inUseAfter(block: number, order: number): boolean {
    const { firstDataBlock, blocksPerGroup, clusterBlocks } = this.#groups.superblock
    const group = Math.floor((block - firstDataBlock) / blocksPerGroup)
    const within = (block - firstDataBlock) % blocksPerGroup
    const lastUse = this.#lastUses.get(group, () => this.#compute(group))
    const last = lastUse?.[Math.floor(within / clusterBlocks)] ?? NEVER
    return last > order
  }

  #compute(group: number): Int32Array | null {
    const copies = this.#history.of(this.#groups.group(group).blockBitmap)
    if (copies.length === 0) return null
    const last = new Int32Array(this.#groups.superblock.clustersPerGroup).fill(NEVER)
    const seen = Buffer.alloc(Math.ceil(last.length / 8))
    const bytes = Buffer.alloc(this.#blocks.blockBytes)
    for (const copy of copies.toReversed()) {
      const bitmap = this.#blocks.copyOf(copy, bytes)
      for (let at = 0; at < seen.length; at++) {
        const fresh = (bitmap[at] ?? 0) & ~(seen[at] ?? 0)
        if (fresh === 0) continue
        seen[at] = (seen[at] ?? 0) | fresh
        for (let bit = 0; bit < 8; bit++) {
          if ((fresh & (1 << bit)) !== 0 && at * 8 + bit < last.length) last[at * 8 + bit] = copy.order
        }
      }
    }
    return last
  }
}
