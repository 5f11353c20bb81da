/** The attributes file: extended attributes by the number of their file, inside the tree or in forks of their own. */
import type { VolumeProblem } from '../../../contracts/image.ts'
import { BitSet } from '../clusters/bit-set.ts'
import type { BTree, Leaf } from './b-tree.ts'
import { blocksOf, EXTENTS_BYTES, type Extent, extentsAt, FORK_BYTES, type Fork, forkAt } from './fork.ts'
import { LeafIndex } from './leaf-index.ts'

const TYPE = { inline: 0x10, fork: 0x20, extents: 0x30 } as const
const KEY_LEAST = 12
const NAME_MOST = 127
/** Of one file: no program writes a hundred. */
const MOST = 4096

export interface Attribute {
  /** UTF-16BE. */
  readonly name: Buffer
  readonly sizeBytes: number
  /** Inside the tree: where in its file, and the first bytes. */
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
  readonly #problem: (problem: VolumeProblem) => void

  constructor(tree: BTree | null, problem: (problem: VolumeProblem) => void) {
    this.#tree = tree
    this.#problem = problem
    this.#index =
      tree &&
      new LeafIndex(
        tree,
        (leaf) => [...keysOf(leaf)].map(({ key }) => key.file),
        (_, files) => {
          for (const file of files) this.#files.add(file)
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

  /** Where bytes of the tree's file lie in it. */
  get content(): BTree['content'] | null {
    return this.#tree?.content ?? null
  }
}

const NONE: readonly Attribute[] = []

function* keysOf({ bytes, node }: Leaf): Generator<{ readonly key: Key; readonly to: number }> {
  for (const { from, to } of node?.records ?? []) {
    if (from + 2 + KEY_LEAST > to) continue
    const keyBytes = bytes.readUInt16BE(from)
    const units = bytes.readUInt16BE(from + 12)
    const dataAt = from + 2 + keyBytes + (keyBytes & 1)
    if (units > NAME_MOST || keyBytes < KEY_LEAST + units * 2 || dataAt > to) continue
    const key = {
      file: bytes.readUInt32BE(from + 4),
      firstBlock: bytes.readUInt32BE(from + 8),
      name: Buffer.from(bytes.subarray(from + 14, from + 14 + units * 2)),
      dataAt,
    }
    yield { key, to }
  }
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
