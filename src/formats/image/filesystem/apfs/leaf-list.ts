/**
 * The leaves of a file tree without its index: where a node above them is damaged, the object map still names every
 * leaf.
 */
import { u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { type Compare, lowerBound, type RecordTree, type TreeNodes } from './btree.ts'
import { keyed } from './file-id.ts'
import type { Node, TreeRecord } from './node.ts'
import { RECORD } from './records.ts'

/** Leaves that are kept: 2 MiB of 4 KiB each. */
const KEPT = 512

interface Listed {
  readonly reference: number
  readonly first: Buffer
  readonly last: Buffer
}

export class LeafList implements RecordTree {
  readonly #nodes: TreeNodes
  readonly #kept = new Recent<number, Node | null>(KEPT)
  readonly #leaves: readonly Listed[]

  /** @param references of all nodes of the tree, in any order */
  constructor(references: Iterable<number>, nodes: TreeNodes) {
    this.#nodes = nodes
    const leaves: Listed[] = []
    for (const reference of references) {
      const node = nodes.node(reference)
      if (node === null) nodes.damaged(reference)
      const [first, last] = node?.isLeaf && node.count > 0 ? [node.key(0), node.key(node.count - 1)] : []
      if (first && last) leaves.push({ reference, first: Buffer.from(first), last: Buffer.from(last) })
    }
    this.#leaves = leaves.sort((a, b) => byKeys(a.first, b.first) || byKeys(a.last, b.last))
  }

  get isEmpty(): boolean {
    return this.#leaves.length === 0
  }

  *from(compare: Compare): Generator<TreeRecord, void, undefined> {
    const first = Math.max(0, this.#upTo((key) => compare(key) < 0) - 1)
    for (let index = first; index < this.#leaves.length; index++)
      yield* this.#records(this.#leaves[index] as Listed, compare)
  }

  *without(isLeftOut: (reference: number) => boolean): Generator<TreeRecord, void, undefined> {
    for (const leaf of this.#leaves) if (!isLeftOut(leaf.reference)) yield* this.#records(leaf, () => 1)
  }

  floor(compare: Compare): TreeRecord | null {
    const leaf = this.#leaves[this.#upTo((key) => compare(key) <= 0) - 1]
    const node = leaf && this.#node(leaf.reference)
    if (!node) return null
    const index = lowerBound(node, (key) => (compare(key) <= 0 ? -1 : 1)) - 1
    return index < 0 ? null : node.record(index)
  }

  *#records({ reference }: Listed, compare: Compare): Generator<TreeRecord, void, undefined> {
    const node = this.#node(reference)
    for (let index = node ? lowerBound(node, compare) : 0; node && index < node.count; index++) {
      const record = node.record(index)
      if (record === null) this.#nodes.damaged(reference)
      else yield record
    }
  }

  #node(reference: number): Node | null {
    return this.#kept.get(reference, () => this.#nodes.node(reference))
  }

  /** Number of leaves whose first key satisfies `begins`. */
  #upTo(begins: (first: Buffer) => boolean): number {
    let low = 0
    let high = this.#leaves.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (begins((this.#leaves[middle] as Listed).first)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Extents of one content in their order; names in a folder in any. */
function byKeys(a: Buffer, b: Buffer): number {
  const [one, other] = [keyed(a), keyed(b)]
  if (one.id !== other.id) return one.id < other.id ? -1 : 1
  if (one.type !== other.type) return one.type - other.type
  return one.type === RECORD.extent && a.length >= 16 && b.length >= 16 ? u64(a, 8) - u64(b, 8) : 0
}
