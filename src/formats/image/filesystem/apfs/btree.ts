/**
 * B-trees: records in order, from any key on. An unusable node costs the part below it, and is reported.
 *
 * A child is one level below its parent and entered once per walk, so that a loop in a damaged tree ends.
 */
import { u64 } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import type { Node, TreeRecord } from './node.ts'

/** Nodes of a tree that are kept: 2 MiB of 4 KiB each. */
const KEPT = 512

/** Below 0: the key sorts before the wanted one. 0: equal. */
export type Compare = (key: Buffer) => number

export interface TreeNodes {
  /** The node that a parent refers to so: by its block, or by an identifier that a map knows. */
  node(reference: number): Node | null
  /** Called for an unusable node. */
  damaged(reference: number): void
}

/** Records in order. */
export interface RecordTree {
  /** Every record from the first that does not sort before the wanted one. */
  from(compare: Compare): Generator<TreeRecord, void, undefined>
  /** Every record except those of left-out leaves, asked by the reference of their parents. */
  without(isLeftOut: (reference: number) => boolean): Generator<TreeRecord, void, undefined>
  /** The last record that does not sort behind the wanted one. */
  floor(compare: Compare): TreeRecord | null
}

interface Walk {
  readonly compare: Compare
  readonly isLeftOut: (reference: number) => boolean
  readonly seen: Set<number>
}

export class BTree implements RecordTree {
  readonly #nodes: TreeNodes
  readonly #kept = new Recent<number, Node | null>(KEPT)
  readonly root: Node | null

  constructor(root: number, nodes: TreeNodes) {
    this.#nodes = nodes
    this.root = nodes.node(root)
    if (this.root === null) nodes.damaged(root)
  }

  *from(compare: Compare): Generator<TreeRecord, void, undefined> {
    if (this.root !== null)
      yield* this.#below(this.root, { compare, isLeftOut: () => false, seen: new Set() })
  }

  *without(isLeftOut: (reference: number) => boolean): Generator<TreeRecord, void, undefined> {
    if (this.root !== null) yield* this.#below(this.root, { compare: () => 1, isLeftOut, seen: new Set() })
  }

  all(): Generator<TreeRecord, void, undefined> {
    return this.from(() => 1)
  }

  /** True where every leaf can be reached: all nodes between the leaves and the root are sound. */
  isIndexWhole(): boolean {
    const seen = new Set<number>()
    const isWhole = (node: Node): boolean => {
      if (node.isLeaf) return true
      if (seen.has(node.block)) return false
      seen.add(node.block)
      for (let index = 0; index < node.count; index++) {
        const child = node.level === 1 ? null : this.#child(node, index)
        const isThere = node.level === 1 ? (node.record(index)?.value.length ?? 0) >= 8 : child !== null
        if (!isThere || (child !== null && !isWhole(child))) return false
      }
      return true
    }
    return this.root !== null && isWhole(this.root)
  }

  floor(compare: Compare): TreeRecord | null {
    let node = this.root
    while (node !== null) {
      const index = lowerBound(node, (key) => (compare(key) <= 0 ? -1 : 1)) - 1
      if (index < 0) return null
      if (node.isLeaf) return node.record(index)
      node = this.#child(node, index)
    }
    return null
  }

  *#below(node: Node, walk: Walk): Generator<TreeRecord, void, undefined> {
    const { seen } = walk
    seen.add(node.block)
    const first = lowerBound(node, walk.compare)
    if (node.isLeaf) {
      for (let index = first; index < node.count; index++) {
        const record = node.record(index)
        if (record === null) this.#nodes.damaged(node.block)
        else yield record
      }
      return
    }
    for (let index = Math.max(0, first - 1); index < node.count; index++) {
      if (node.level === 1 && this.#isLeftOut(node, index, walk)) continue
      const child = this.#child(node, index)
      if (child === null) continue
      if (seen.has(child.block)) this.#nodes.damaged(child.block)
      else yield* this.#below(child, walk)
    }
  }

  #isLeftOut(parent: Node, index: number, { isLeftOut }: Walk): boolean {
    const value = parent.record(index)?.value
    return value !== undefined && value.length >= 8 && isLeftOut(u64(value, 0))
  }

  #child(parent: Node, index: number): Node | null {
    const record = parent.record(index)
    const reference = record !== null && record.value.length >= 8 ? u64(record.value, 0) : null
    const child = reference === null ? null : this.#kept.get(reference, () => this.#nodes.node(reference))
    const fits = child !== null && child.level === parent.level - 1 && child.isLeaf === (child.level === 0)
    if (!fits) this.#nodes.damaged(reference ?? parent.block)
    return fits ? child : null
  }
}

/** Index of the first key that does not sort before the wanted one; unreadable keys sort before it. */
export function lowerBound(node: Node, compare: Compare): number {
  let low = 0
  let high = node.count
  while (low < high) {
    const middle = (low + high) >>> 1
    const key = node.key(middle)
    if (key === null || compare(key) < 0) low = middle + 1
    else high = middle
  }
  return low
}
