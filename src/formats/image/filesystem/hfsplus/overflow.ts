/** The extents overflow file: extents behind the first eight of a fork. Held in memory; few forks have any. */
import type { VolumeProblem } from '../../../../contracts/image.ts'
import type { BTree } from './b-tree.ts'
import { blocksOf, EXTENTS_BYTES, type Extent, extentsAt, type Fork } from './fork.ts'

export const DATA_FORK = 0
export const RESOURCE_FORK = 0xff
/** Number of the bad blocks' file. */
const BAD_BLOCKS = 5
const KEY_BYTES = 10
/** Most records, of eight extents each. */
const MOST = 2_000_000

interface Piece {
  readonly firstBlock: number
  readonly extents: readonly Extent[]
}

export class Overflow {
  readonly #pieces = new Map<number, Piece[]>()

  constructor(tree: BTree | null, problem: (problem: VolumeProblem) => void) {
    let records = 0
    for (const { bytes, node } of tree?.leaves() ?? []) {
      for (const { from, to } of node?.records ?? []) {
        const at = from + 2 + KEY_BYTES
        if (bytes.readUInt16BE(from) !== KEY_BYTES || at + EXTENTS_BYTES > to) {
          problem({ code: 'extents-record-damaged', record: null, detail: '' })
          continue
        }
        if (++records > MOST) break
        const key = keyOf(bytes.readUInt32BE(from + 4), bytes[from + 2] as number)
        const piece = { firstBlock: bytes.readUInt32BE(from + 8), extents: extentsAt(bytes, at) }
        const held = this.#pieces.get(key)
        if (held) held.push(piece)
        else this.#pieces.set(key, [piece])
      }
    }
    if (records > MOST) problem({ code: 'extents-too-many', record: null, detail: '' })
  }

  /** All extents of a fork, as far as they follow each other. */
  extentsOf(file: number, which: number, fork: Fork): readonly Extent[] {
    let blocks = blocksOf(fork.extents)
    if (blocks >= fork.blocks) return fork.extents
    const extents = [...fork.extents]
    const pieces = this.#pieces.get(keyOf(file, which)) ?? []
    for (const piece of pieces.toSorted((a, b) => a.firstBlock - b.firstBlock)) {
      if (piece.firstBlock !== blocks) break
      extents.push(...piece.extents)
      blocks += blocksOf(piece.extents)
    }
    return extents
  }

  badBlocks(): readonly Extent[] {
    return (this.#pieces.get(keyOf(BAD_BLOCKS, DATA_FORK)) ?? []).flatMap(({ extents }) => extents)
  }
}

function keyOf(file: number, which: number): number {
  return file * 256 + which
}
