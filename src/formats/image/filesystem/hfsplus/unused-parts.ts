/** Parts of a tree without live records: behind the records of its nodes, and unused nodes. */
import type { BitSet } from '../clusters/bit-set.ts'
import type { BTree } from './b-tree.ts'
import { DESCRIPTOR_BYTES, isLeaf, nodeOf } from './node.ts'

export interface UnusedPart {
  readonly number: number
  /** The node. */
  readonly bytes: Buffer
  /** Offset of the part in the node; it ends with the node. */
  readonly from: number
}

/** @param leaves nodes with live records */
export function* unusedParts(tree: BTree, leaves: BitSet): Generator<UnusedPart> {
  for (let number = 1; number < tree.nodes; number++) {
    const bytes = tree.node(number)
    const node = nodeOf(bytes)
    // A damaged leaf was searched for live records.
    if (!node && leaves.has(number)) continue
    const stands =
      leaves.has(number) || (node !== null && !isLeaf(node, bytes) && tree.isUsed(number) === true)
    yield { number, bytes, from: node && stands ? node.free.from : DESCRIPTOR_BYTES }
  }
}
