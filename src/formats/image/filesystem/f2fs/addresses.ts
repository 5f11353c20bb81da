/** Addresses of the blocks of contents, through the nodes of their inodes. */
import type { ProblemLog } from '../common/problem-log.ts'
import { ADDRESS, addressesIn, type Inode } from './inode.ts'

/** Levels of the five nodes of an inode. */
const DEPTHS = [0, 0, 1, 1, 2]
/** An address that no block has. */
const DAMAGED = 1
/** A hole is listed block by block up to this many; a longer one ends the list, and the content ends in a hole. */
const HOLES_MOST = 1018 * 1018

export class Addresses {
  readonly #blockBytes: number
  readonly #node: (number: number) => Buffer | null
  readonly #problems: ProblemLog

  /** @param node the block of a node; null: there is none */
  constructor(blockBytes: number, node: (number: number) => Buffer | null, problems: ProblemLog) {
    this.#blockBytes = blockBytes
    this.#node = node
    this.#problems = problems
  }

  /** Addresses of all blocks of a content, up to its size; a node that cannot be read is a problem and gives none. */
  *of({ addresses, nodes, number, sizeBytes }: Inode): Generator<number> {
    let left = Math.ceil(Math.max(0, sizeBytes) / this.#blockBytes) - addresses.length
    yield* addresses
    for (const [index, depth] of DEPTHS.entries()) {
      if (left <= 0) return
      const spans = 1018 ** (depth + 1)
      yield* this.#inNode(nodes[index]!, depth, number, Math.min(left, spans))
      left -= spans
    }
  }

  *#inNode(node: number, depth: number, inode: number, wanted: number): Generator<number> {
    const bytes = node === 0 ? null : this.#node(node)
    const isIts = bytes?.readUInt32LE(4076) === inode && bytes.readUInt32LE(4072) === node
    if (node !== 0 && !isIts) this.#problems.add('node-damaged', inode, `${node}`)
    if (!bytes || !isIts) {
      if (node !== 0) yield DAMAGED
      for (let i = 0; i < Math.min(wanted, HOLES_MOST); i++) yield ADDRESS.hole
      return
    }
    if (depth === 0) {
      yield* addressesIn(bytes).slice(0, wanted)
      return
    }
    const spans = 1018 ** depth
    let left = wanted
    for (const below of addressesIn(bytes)) {
      if (left <= 0) return
      yield* this.#inNode(below, depth - 1, inode, Math.min(left, spans))
      left -= spans
    }
  }
}
