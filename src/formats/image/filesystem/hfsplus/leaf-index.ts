/**
 * Finds the leaves with the records of a number (a parent, a file): two words per leaf, in place of the tree above
 * them.
 */
import type { BTree, Leaf } from './b-tree.ts'

interface Indexed {
  /** The number of its first record. */
  readonly first: number
  readonly node: number
}

export class LeafIndex {
  readonly #leaves: readonly Indexed[]

  /**
   * @param numbersOf the numbers of a leaf's records, in order
   * @param seen      called with each leaf and them
   */
  constructor(
    tree: BTree,
    numbersOf: (leaf: Leaf) => readonly number[],
    seen: (leaf: Leaf, numbers: readonly number[]) => void = () => {},
  ) {
    const leaves: Indexed[] = []
    for (const leaf of tree.leaves()) {
      const numbers = numbersOf(leaf)
      const [first] = numbers
      if (first !== undefined) leaves.push({ first, node: leaf.number })
      seen(leaf, numbers)
    }
    // In order already, but for those of a damaged tree.
    this.#leaves = leaves.sort((a, b) => a.first - b.first)
  }

  /** Numbers of the nodes that may contain records of `wanted`, in order. */
  *nodesOf(wanted: number): Generator<number> {
    const leaves = this.#leaves
    let low = 0
    let high = leaves.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((leaves[middle] as Indexed).first < wanted) low = middle + 1
      else high = middle
    }
    // The previous one may end with records of it.
    for (let index = Math.max(0, low - 1); index < leaves.length; index++) {
      const { first, node } = leaves[index] as Indexed
      if (first > wanted) return
      yield node
    }
  }

  *all(): Generator<number> {
    for (const { node } of this.#leaves) yield node
  }
}
