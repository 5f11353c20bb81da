/**
 * Older states of metadata blocks in the journal: committed transactions of the present lap, and the remains of earlier
 * laps.
 *
 * A transaction counts when its blocks lead in sequence to its own commit block. Where a later lap overwrote a part,
 * they do not.
 */
import { firstNotBelow, type JournalCopy } from './blocks.ts'
import type { Journal, JournalBlock } from './journal.ts'

/** One committed state of a block. */
export interface PastCopy extends JournalCopy {
  /** Number of its transaction, counted from the one that the journal expects next: comparable, later is larger. */
  readonly order: number
}

export class History {
  readonly #copies = new Map<number, PastCopy[]>()
  /** Committed transactions, in order. */
  readonly #orders: Float64Array
  /** Numbers of the blocks that have copies, in order. */
  readonly blocks: Float64Array

  constructor(journal: Journal | null) {
    const orders = journal ? this.#scan(journal) : new Set<number>()
    this.#orders = Float64Array.from(orders).sort()
    for (const copies of this.#copies.values()) copies.sort((a, b) => a.order - b.order)
    this.blocks = Float64Array.from(this.#copies.keys()).sort()
  }

  /** Copies of a block, oldest first. */
  of(block: number): readonly PastCopy[] {
    return this.#copies.get(block) ?? NONE
  }

  /** The newest copy that is not newer than `order`. */
  asOf(block: number, order: number): PastCopy | null {
    return this.of(block).findLast((copy) => copy.order <= order) ?? null
  }

  /** Blocks of a stretch that were written as metadata after `order`. */
  *writtenAfter(block: number, length: number, order: number): Generator<number> {
    for (let index = firstNotBelow(this.blocks, block); index < this.blocks.length; index++) {
      const found = this.blocks[index] ?? Infinity
      if (found >= block + length) return
      if ((this.of(found).at(-1)?.order ?? -Infinity) > order) yield found
    }
  }

  /** Whether no transaction is missing from `order` to the newest. */
  isWholeSince(order: number): boolean {
    const index = firstNotBelow(this.#orders, order)
    const newest = this.#orders.at(-1)
    return newest !== undefined && newest - order === this.#orders.length - 1 - index
  }

  /** @returns the transactions found */
  #scan(journal: Journal): Set<number> {
    const orders = new Set<number>()
    const own = new Map<number, JournalBlock>()
    for (let position = journal.first; position < journal.end; position++) {
      const bytes = journal.isOwn(position) ? journal.bytes(position) : null
      const block = bytes && journal.parse(bytes)
      if (block?.sound) own.set(position, block)
    }
    const known = new Map<number, boolean>()
    for (const [position, block] of own) {
      if (block.type === 'commit') orders.add((block.sequence - journal.sequence) | 0)
      if (block.type !== 'descriptor' || !isCommitted(journal, own, known, position)) continue
      for (const [index, tag] of block.tags.entries()) {
        const at = journal.wrapped(position + 1 + index)
        const offset = journal.offsetOf(at)
        const bytes = journal.bytes(at)
        if (offset === null || !bytes || !journal.dataAgrees(tag, block.sequence, bytes)) continue
        const order = (block.sequence - journal.sequence) | 0
        const copies = this.#copies.get(tag.block)
        if (copies) copies.push({ offset, escaped: tag.escaped, order })
        else this.#copies.set(tag.block, [{ offset, escaped: tag.escaped, order }])
      }
    }
    return orders
  }
}

/** Whether the blocks of a transaction lead from `position` to its commit block. */
function isCommitted(
  journal: Journal,
  own: ReadonlyMap<number, JournalBlock>,
  known: Map<number, boolean>,
  position: number,
): boolean {
  const way: number[] = []
  let committed = false
  for (let at = position; ; ) {
    const before = known.get(at)
    if (before !== undefined) {
      committed = before
      break
    }
    const block = own.get(at)
    if (!block || (way.length > 0 && block.sequence !== own.get(position)?.sequence)) break
    if (block.type === 'commit') {
      committed = true
      break
    }
    known.set(at, false)
    way.push(at)
    at = journal.wrapped(at + 1 + (block.type === 'descriptor' ? block.tags.length : 0))
  }
  for (const at of way) known.set(at, committed)
  return committed
}

const NONE: readonly PastCopy[] = []
