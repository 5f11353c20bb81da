/**
 * Nodes of B-trees: a table of contents behind the header, keys from there up, values from the end of the node down.
 *
 * A record must be inside its node; others are ignored.
 */
import { OBJECT_HEADER_BYTES } from './blocks.ts'

const FLAG = { root: 1, leaf: 2, fixed: 4 } as const
/** Size of the headers of object and node. */
const TABLE_AT = OBJECT_HEADER_BYTES + 24
/** Facts about the whole tree at the end of the root, in bytes. */
const INFO_BYTES = 40
/** Marks a value that is not stored. */
const GHOST = 0xffff

/** Lengths of keys and of leaf values in a tree where all are equal; null: each record states its own. */
export type Shape = { readonly keyBytes: number; readonly valueBytes: number } | null

export interface TreeRecord {
  readonly key: Buffer
  readonly value: Buffer
  /** Offset of the value on the volume, in bytes. */
  readonly at: number
}

export class Node {
  readonly block: number
  readonly level: number
  readonly isLeaf: boolean
  readonly count: number
  readonly #bytes: Buffer
  readonly #shape: Shape
  readonly #table: number
  readonly #keys: number
  readonly #valuesEnd: number

  /** @param bytes a block that was checked */
  constructor(block: number, bytes: Buffer, shape: Shape) {
    const flags = bytes.readUInt16LE(OBJECT_HEADER_BYTES)
    const tableBytes = bytes.readUInt16LE(OBJECT_HEADER_BYTES + 10)
    this.block = block
    this.level = bytes.readUInt16LE(OBJECT_HEADER_BYTES + 2)
    this.isLeaf = (flags & FLAG.leaf) !== 0
    this.#bytes = bytes
    this.#shape = (flags & FLAG.fixed) === 0 ? null : shape
    this.#table = TABLE_AT + bytes.readUInt16LE(OBJECT_HEADER_BYTES + 8)
    this.#keys = this.#table + tableBytes
    this.#valuesEnd = bytes.length - ((flags & FLAG.root) === 0 ? 0 : INFO_BYTES)
    const room = Math.min(tableBytes, bytes.length - this.#table)
    const stated = bytes.readUInt32LE(OBJECT_HEADER_BYTES + 4)
    // A node of fixed lengths in a tree of variable ones does not belong to it.
    const isOfTree = ((flags & FLAG.fixed) !== 0) === (shape !== null)
    this.count = isOfTree ? Math.max(0, Math.min(stated, Math.floor(room / (this.#shape ? 4 : 8)))) : 0
  }

  /** Null: the key is outside the node. */
  key(index: number): Buffer | null {
    const entry = this.#table + index * (this.#shape ? 4 : 8)
    const from = this.#keys + this.#bytes.readUInt16LE(entry)
    const length = this.#shape ? this.#shape.keyBytes : this.#bytes.readUInt16LE(entry + 2)
    return from + length <= this.#valuesEnd ? this.#bytes.subarray(from, from + length) : null
  }

  record(index: number): TreeRecord | null {
    const key = this.key(index)
    if (key === null) return null
    const entry = this.#table + index * (this.#shape ? 4 : 8)
    const back = this.#bytes.readUInt16LE(entry + (this.#shape ? 2 : 4))
    if (back === GHOST) return { key, value: NO_VALUE, at: 0 }
    const from = this.#valuesEnd - back
    const length = this.#shape
      ? this.isLeaf
        ? this.#shape.valueBytes
        : 8
      : this.#bytes.readUInt16LE(entry + 6)
    if (from < this.#keys || from + length > this.#valuesEnd) return null
    return {
      key,
      value: this.#bytes.subarray(from, from + length),
      at: this.block * this.#bytes.length + from,
    }
  }
}

const NO_VALUE = Buffer.alloc(0)
