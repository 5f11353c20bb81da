/** The attributes file: extended attributes by the number of their file, inside the tree or in forks of their own. */
import type { VolumeProblem } from '../../../../contracts/image.ts'
import { BitSet } from '../clusters/bit-set.ts'
import type { BTree, Leaf } from './b-tree.ts'
import { blocksOf, EXTENTS_BYTES, type Extent, extentsAt, FORK_BYTES, type Fork, forkAt } from './fork.ts'
import { LeafIndex } from './leaf-index.ts'
import { FIRST_USER_ID } from './record.ts'
import { unusedParts } from './unused-parts.ts'

const TYPE = { inline: 0x10, fork: 0x20, extents: 0x30 } as const
const KEY_LEAST = 12
const NAME_MOST = 127
/** Of one file: no program writes a hundred. */
const MOST = 4096

export interface Attribute {
  /** UTF-16BE. */
  readonly name: Buffer
  readonly sizeBytes: number
  /** Inside the tree: offset in its file, and the first bytes. */
  readonly inline: { readonly at: number; readonly bytes: Buffer } | null
  readonly fork: { readonly blocks: number; readonly extents: readonly Extent[] } | null
}

interface Key {
  readonly file: number
  readonly firstBlock: number
  readonly name: Buffer
  readonly dataAt: number
}

export class Attributes {
  readonly #tree: BTree | null
  readonly #index: LeafIndex | null
  readonly #files = new BitSet()
  /** Nodes with live records. */
  readonly #leaves = new BitSet()
  readonly #problem: (problem: VolumeProblem) => void

  constructor(tree: BTree | null, problem: (problem: VolumeProblem) => void) {
    this.#tree = tree
    this.#problem = problem
    this.#index =
      tree &&
      new LeafIndex(
        tree,
        (leaf) => [...keysOf(leaf)].map(({ key }) => key.file),
        (leaf, files) => {
          this.#leaves.add(leaf.number)
          for (const file of files) this.#files.add(file)
          if (files.length < (leaf.node?.records.length ?? 0))
            problem({ code: 'attribute-record-damaged', record: leaf.number, detail: '' })
        },
      )
  }

  of(file: number): readonly Attribute[] {
    const tree = this.#tree
    if (!tree || !this.#index || !this.#files.has(file)) return NONE
    const found: Attribute[] = []
    for (const number of this.#index.nodesOf(file)) {
      const leaf = tree.leaf(number)
      for (const { key, to } of keysOf(leaf)) {
        if (key.file !== file) continue
        if (found.length >= MOST) {
          this.#problem({ code: 'attributes-too-many', record: file, detail: '' })
          return found
        }
        const { bytes } = leaf
        const type = key.dataAt + 4 <= to ? bytes.readUInt32BE(key.dataAt) : 0
        const last = found.at(-1)
        if (type === TYPE.extents && last?.fork && last.name.equals(key.name)) {
          const more = key.dataAt + 8 + EXTENTS_BYTES <= to ? extentsAt(bytes, key.dataAt + 8) : []
          if (blocksOf(last.fork.extents) === key.firstBlock)
            found[found.length - 1] = withMore(last, last.fork, more)
          continue
        }
        const attribute =
          type === TYPE.inline
            ? inlineAt(bytes, key, to, number * tree.nodeBytes)
            : type === TYPE.fork
              ? ofFork(bytes, key, to)
              : null
        if (attribute) found.push(attribute)
        else this.#problem({ code: 'attribute-record-damaged', record: file, detail: `${type}` })
      }
    }
    return found
  }

  /** Removed attributes inside the tree, with their file. */
  *left(): Generator<{ readonly file: number; readonly attribute: Attribute }> {
    const tree = this.#tree
    if (!tree) return
    for (const { number, bytes, from } of unusedParts(tree, this.#leaves))
      for (let at = from + (from & 1); at + 2 + KEY_LEAST < bytes.length; at += 2) {
        const key = keyIn(bytes, at, bytes.length)
        if (!key || !isPlausible(bytes, at, key)) continue
        const attribute = inlineAt(bytes, key, bytes.length, number * tree.nodeBytes)
        if (attribute) yield { file: key.file, attribute }
      }
  }
}

const NONE: readonly Attribute[] = []

function* keysOf({ bytes, node }: Leaf): Generator<{ readonly key: Key; readonly to: number }> {
  for (const { from, to } of node?.records ?? []) {
    const key = keyIn(bytes, from, to)
    if (key) yield { key, to }
  }
}

function keyIn(bytes: Buffer, from: number, to: number): Key | null {
  if (from + 2 + KEY_LEAST > to) return null
  const keyBytes = bytes.readUInt16BE(from)
  const units = bytes.readUInt16BE(from + 12)
  const dataAt = from + 2 + keyBytes + (keyBytes & 1)
  if (units > NAME_MOST || keyBytes < KEY_LEAST + units * 2 || dataAt > to) return null
  return {
    file: bytes.readUInt32BE(from + 4),
    firstBlock: bytes.readUInt32BE(from + 8),
    name: Buffer.from(bytes.subarray(from + 14, from + 14 + units * 2)),
    dataAt,
  }
}

/** Plausibility of bytes at any position in a node: every field with a single legal value must have it. */
function isPlausible(bytes: Buffer, at: number, { file, firstBlock, name, dataAt }: Key): boolean {
  return (
    file >= FIRST_USER_ID &&
    firstBlock === 0 &&
    name.length > 0 &&
    bytes.readUInt16BE(at) === KEY_LEAST + name.length &&
    bytes.readUInt16BE(at + 2) === 0 &&
    dataAt + 16 <= bytes.length &&
    bytes.readUInt32BE(dataAt) === TYPE.inline &&
    bytes.readUInt32BE(dataAt + 4) === 0 &&
    bytes.readUInt32BE(dataAt + 8) === 0
  )
}

function inlineAt(bytes: Buffer, key: Key, to: number, nodeAt: number): Attribute | null {
  const from = key.dataAt + 16
  if (from > to) return null
  const sizeBytes = bytes.readUInt32BE(key.dataAt + 12)
  if (from + sizeBytes > to) return null
  const inline = { at: nodeAt + from, bytes: Buffer.from(bytes.subarray(from, from + sizeBytes)) }
  return { name: key.name, sizeBytes, inline, fork: null }
}

function ofFork(bytes: Buffer, key: Key, to: number): Attribute | null {
  if (key.dataAt + 8 + FORK_BYTES > to) return null
  const { sizeBytes, blocks, extents }: Fork = forkAt(bytes, key.dataAt + 8)
  return { name: key.name, sizeBytes, inline: null, fork: { blocks, extents } }
}

function withMore(
  attribute: Attribute,
  { blocks, extents }: NonNullable<Attribute['fork']>,
  more: readonly Extent[],
): Attribute {
  return { ...attribute, fork: { blocks, extents: [...extents, ...more] } }
}
