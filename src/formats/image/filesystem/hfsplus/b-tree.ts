/**
 * A B-tree of HFS+, read by its leaves in the order of their chain, never from its root down. A damaged index costs no
 * record, a damaged leaf its own, and every loop ends.
 */
import type { Medium, VolumeProblem } from '../../../../contracts/image.ts'
import { Recent } from '../../content/recent.ts'
import { BitSet } from '../clusters/bit-set.ts'
import { isLeaf, KIND, type Node, nodeOf } from './node.ts'

const HEADER_RECORD = 14
const KEPT_BYTES = 4 << 20
const NODE_SIZES = [8192, 4096, 16384, 32768, 2048, 1024, 512]
/** Bytes from which the size of nodes is derived. */
const TRIED_BYTES = 1 << 20

export interface Leaf {
  readonly number: number
  readonly bytes: Buffer
  /** Null: damaged; its records must be searched. */
  readonly node: Node | null
}

export interface TreeFacts {
  readonly nodeBytes: number
  readonly firstLeaf: number
  readonly leafRecords: number
}

export class BTree {
  readonly content: Medium
  readonly nodeBytes: number
  readonly nodes: number
  readonly #facts: TreeFacts
  readonly #headerSound: boolean
  readonly #kept: Recent<number, Buffer>
  readonly #problem: (problem: VolumeProblem) => void
  readonly #name: string
  readonly #used: BitSet | null

  /** @param name `catalog`, `attributes`, `extents`: in problems */
  constructor(content: Medium, name: string, problem: (problem: VolumeProblem) => void) {
    const facts = factsOf(content)
    this.content = content
    this.#name = name
    this.#problem = problem
    this.#headerSound = facts !== null
    this.#facts = facts ?? { nodeBytes: guessedNodeBytes(content), firstLeaf: 0, leafRecords: -1 }
    this.nodeBytes = this.#facts.nodeBytes
    this.nodes = Math.floor(content.sizeBytes / this.nodeBytes)
    this.#kept = new Recent(KEPT_BYTES / this.nodeBytes)
    if (!facts && this.nodes > 0) this.#tell('header', 0)
    this.#used = facts ? this.#usedNodes() : null
  }

  node(number: number): Buffer {
    return this.#kept.get(number, () => {
      const bytes = Buffer.alloc(this.nodeBytes)
      this.content.readInto(bytes, number * this.nodeBytes)
      return bytes
    })
  }

  /** True where the tree's map marks the node as used; null: no map. */
  isUsed(number: number): boolean | null {
    return this.#used ? this.#used.has(number) : null
  }

  /** Leaves of the present tree, in key order while the chain is intact; then those outside the chain. */
  *leaves(): Generator<Leaf> {
    const seen = new BitSet()
    let records = 0
    let broken = !this.#headerSound
    for (let number = this.#facts.firstLeaf; number !== 0; ) {
      if (number >= this.nodes || !seen.add(number)) {
        this.#tell('chain', number)
        broken = true
        break
      }
      const leaf = this.leaf(number)
      if (!leaf.node) {
        // The offsets at a node's end may be lost, while the records at its beginning are intact.
        this.#tell('node', number)
        broken = true
      }
      records += leaf.node?.records.length ?? 0
      yield leaf
      number = leaf.node?.next ?? leaf.bytes.readUInt32BE(0)
    }
    if (!broken && records === this.#facts.leafRecords) return
    if (!broken) this.#tell('records', 0, `${records} of ${this.#facts.leafRecords}`)
    for (let number = 1; number < this.nodes; number++) {
      if (seen.has(number) || this.isUsed(number) === false) continue
      const leaf = this.leaf(number)
      // In use by the map, and no node of any kind: what stands in it is of the present tree.
      const isDamaged = this.isUsed(number) === true && nodeOf(leaf.bytes) === null
      if (isDamaged) this.#tell('node', number)
      if (leaf.node || isDamaged) yield leaf
    }
  }

  leaf(number: number): Leaf {
    const bytes = this.node(number)
    const node = nodeOf(bytes)
    return { number, bytes, node: isLeaf(node, bytes) ? node : null }
  }

  /** The bits of the header's third record, then of the nodes that follow it. */
  #usedNodes(): BitSet {
    const used = new BitSet()
    const seen = new BitSet()
    let base = 0
    for (let number = 0; number < this.nodes && seen.add(number); ) {
      const bytes = this.node(number)
      const node = nodeOf(bytes)
      const map = node?.records[number === 0 ? 2 : 0]
      if (!node || !map || node.kind !== (number === 0 ? KIND.header : KIND.map)) {
        this.#tell('map', number)
        for (let bit = base; bit < this.nodes; bit++) used.add(bit)
        break
      }
      for (let at = map.from; at < map.to && base < this.nodes; at++, base += 8) {
        const byte = bytes[at] as number
        for (let bit = 0; bit < 8; bit++) if (byte & (0x80 >> bit)) used.add(base + bit)
      }
      if (node.next === 0) break
      number = node.next
    }
    return used
  }

  #tell(what: string, node: number, detail = ''): void {
    this.#problem({ code: `${this.#name}-${what}-damaged`, record: node, detail })
  }
}

/** @returns null where the first node is no header */
function factsOf(content: Medium): TreeFacts | null {
  const head = Buffer.alloc(HEADER_RECORD + 106)
  if (content.readInto(head, 0) < head.length || head.readInt8(8) !== KIND.header) return null
  const nodeBytes = head.readUInt16BE(HEADER_RECORD + 18)
  if (!NODE_SIZES.includes(nodeBytes) || nodeBytes > content.sizeBytes) return null
  return {
    nodeBytes,
    firstLeaf: head.readUInt32BE(HEADER_RECORD + 10),
    leafRecords: head.readUInt32BE(HEADER_RECORD + 6),
  }
}

/** The node size at which most nodes are leaves. */
function guessedNodeBytes(content: Medium): number {
  let best = { nodeBytes: NODE_SIZES[0] as number, leaves: 0 }
  for (const nodeBytes of NODE_SIZES) {
    const bytes = Buffer.alloc(nodeBytes)
    let leaves = 0
    for (let at = nodeBytes; at + nodeBytes <= Math.min(content.sizeBytes, TRIED_BYTES); at += nodeBytes) {
      content.readInto(bytes, at)
      const node = nodeOf(bytes)
      if (isLeaf(node, bytes) && node.records.length > 0) leaves += nodeBytes
    }
    if (leaves > best.leaves) best = { nodeBytes, leaves }
  }
  return best.nodeBytes
}
