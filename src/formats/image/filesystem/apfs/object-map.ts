/** Object maps: the block of an object by its number, in the state of a transaction. */
import { u64 } from '../../content/read-at.ts'
import { type Blocks, headerOf, OBJECT } from './blocks.ts'
import { BTree } from './btree.ts'
import { Node } from './node.ts'

const SHAPE = { keyBytes: 16, valueBytes: 16 } as const
const DELETED = 1
/** Stored without the header of an object, and without its checksum: nodes of sealed volumes. */
const WITHOUT_HEADER = 8
const ENCRYPTED = 4
/** Answers kept: a few words each. */
const KEPT = 50_000

export interface Mapped {
  readonly block: number
  readonly hasHeader: boolean
  readonly isEncrypted: boolean
  /** Transaction in which it was written. */
  readonly transaction: number
}

export class ObjectMap {
  readonly #tree: BTree
  readonly #transaction: number
  readonly #known = new Map<number, Mapped | null>()

  private constructor(tree: BTree, transaction: number) {
    this.#tree = tree
    this.#transaction = transaction
  }

  /**
   * @param block block of the object map
   * @param written latest transaction of the map: a newer block in its place is another object
   * @param asOf newer objects are ignored; for a snapshot before `written`
   * @param damaged called with the block of each unusable node
   */
  static open(
    blocks: Blocks,
    block: number,
    { written, asOf }: { readonly written: number; readonly asOf: number },
    damaged: (block: number) => void,
  ): ObjectMap | null {
    const map = blocks.object(block, OBJECT.objectMap)
    if (map === null || headerOf(map).transaction > written) return null
    const node = (at: number): Node | null => physicalNode(blocks, at, OBJECT.objectMap, SHAPE, written)
    const tree = new BTree(u64(map, 48), { node, damaged })
    return tree.root === null ? null : new ObjectMap(tree, asOf)
  }

  lookUp(id: number): Mapped | null {
    const known = this.#known.get(id)
    if (known !== undefined) return known
    const found = this.#tree.floor((key) => u64(key, 0) - id || u64(key, 8) - this.#transaction)
    const mapped = found !== null && u64(found.key, 0) === id ? mappedOf(found.key, found.value) : null
    if (this.#known.size >= KEPT) this.#known.clear()
    this.#known.set(id, mapped)
    return mapped
  }

  /** Every object as of the transaction, in order of the numbers. */
  *all(): Generator<{ readonly id: number; readonly mapped: Mapped }, void, undefined> {
    let last: { id: number; mapped: Mapped | null } | null = null
    for (const { key, value } of this.#tree.all()) {
      const id = u64(key, 0)
      if (u64(key, 8) > this.#transaction) continue
      if (last !== null && last.id !== id && last.mapped) yield { id: last.id, mapped: last.mapped }
      last = { id, mapped: mappedOf(key, value) }
    }
    if (last?.mapped) yield { id: last.id, mapped: last.mapped }
  }
}

function mappedOf(key: Buffer, value: Buffer): Mapped | null {
  const flags = value.readUInt32LE(0)
  if ((flags & DELETED) !== 0) return null
  return {
    block: u64(value, 8),
    hasHeader: (flags & WITHOUT_HEADER) === 0,
    isEncrypted: (flags & ENCRYPTED) !== 0,
    transaction: u64(key, 8),
  }
}

/** A node named by its block. A node of a later transaction than the tree means that the block was reused. */
export function physicalNode(
  blocks: Blocks,
  block: number,
  subtype: number,
  shape: ConstructorParameters<typeof Node>[2],
  transaction: number,
): Node | null {
  const bytes = blocks.object(block, OBJECT.treeNode) ?? blocks.object(block, OBJECT.treeRoot)
  if (bytes === null) return null
  const header = headerOf(bytes)
  const isOurs = header.subtype === subtype && header.id === block && header.transaction <= transaction
  return isOurs ? new Node(block, bytes, shape) : null
}
