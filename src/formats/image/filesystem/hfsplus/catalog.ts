/** The catalog file: every name of the volume, by the number of its folder. */
import type { VolumeProblem } from '../../../../contracts/image.ts'
import { BitSet } from '../clusters/bit-set.ts'
import type { BTree, Leaf } from './b-tree.ts'
import { LeafIndex } from './leaf-index.ts'
import { stored } from './names.ts'
import {
  type CatalogKey,
  type Item,
  isItem,
  itemAt,
  keyAt,
  type LinkKind,
  ROOT,
  ROOT_PARENT,
  recordsLeftIn,
  type Thread,
  threadAt,
} from './record.ts'

/** Folders in the root that no mount shows: targets of hard links. */
const PRIVATE: Readonly<Record<LinkKind, Buffer>> = {
  file: stored('\0\0\0\0HFS+ Private Data'),
  folder: stored('.HFS+ Private Directory Data\r'),
}
const THREAD_LEAVES_MOST = 16
const MOST_THREADLESS = 1_000_000
const PREFIX: Readonly<Record<LinkKind, string>> = { file: 'iNode', folder: 'dir_' }

/** A name with its source. */
export interface FoundItem {
  readonly item: Item
  /** Found by its structure in a damaged node. */
  readonly salvaged: boolean
}

export class Catalog {
  readonly tree: BTree
  readonly #index: LeafIndex
  /** Numbers of the tree's present folders and files. */
  readonly ids = new BitSet()
  /** Nodes with live records. */
  readonly leaves = new BitSet()
  /** Numbers of the private folders; 0: none. */
  readonly privateFolder: Readonly<Record<LinkKind, number>>
  #threadless: Map<number, Pick<Item, 'parent' | 'name'>> | null = null
  readonly #linked: Record<LinkKind, Map<number, number> | null> = { file: null, folder: null }

  constructor(tree: BTree, problem: (problem: VolumeProblem) => void) {
    this.tree = tree
    this.#index = new LeafIndex(tree, numbersOf, (leaf) => {
      this.leaves.add(leaf.number)
      for (const { item } of itemsOf(leaf)) this.ids.add(item.id)
      for (const { from, to } of leaf.node?.records ?? [])
        if (!isReadable(leaf.bytes, from, to))
          problem({ code: 'catalog-record-damaged', record: leaf.number, detail: `${from}` })
    })
    const inRoot = (name: Buffer) => this.#find(ROOT, ({ name: held }) => held.equals(name))?.id ?? 0
    this.privateFolder = { file: inRoot(PRIVATE.file), folder: inRoot(PRIVATE.folder) }
  }

  /** In the order of the folders' numbers. */
  *items(): Generator<FoundItem> {
    for (const number of this.#index.all()) yield* itemsOf(this.tree.leaf(number))
  }

  *itemsOfFolder(parent: number): Generator<FoundItem> {
    for (const number of this.#index.nodesOf(parent))
      for (const found of itemsOf(this.tree.leaf(number))) if (found.item.parent === parent) yield found
  }

  root(): Item | null {
    return this.#find(ROOT_PARENT, ({ id }) => id === ROOT)
  }

  /** Threads are the first records of a number: in one of two leaves, unless the tree is damaged. */
  thread(id: number): Thread | null {
    let left = THREAD_LEAVES_MOST
    for (const number of this.#index.nodesOf(id)) {
      if (left-- === 0) return null
      const { bytes, node } = this.tree.leaf(number)
      for (const { from, to } of node?.records ?? []) {
        const key = keyAt(bytes, from, to)
        if (!key || key.parent > id) break
        const thread = key.parent === id ? threadAt(bytes, key, to) : null
        if (thread) return thread
      }
    }
    return null
  }

  /** Parent and name of a folder: from its thread, or from its own record where the thread is lost. */
  placeOf(id: number): Pick<Item, 'parent' | 'name'> | null {
    const thread = this.thread(id)
    if (thread || !this.ids.has(id)) return thread
    this.#threadless ??= this.#folders()
    return this.#threadless.get(id) ?? null
  }

  /** Built only for a damaged volume. */
  #folders(): Map<number, Pick<Item, 'parent' | 'name'>> {
    const folders = new Map<number, Pick<Item, 'parent' | 'name'>>()
    for (const { item } of this.items()) {
      if (item.kind !== 'folder') continue
      folders.set(item.id, { parent: item.parent, name: item.name })
      if (folders.size >= MOST_THREADLESS) break
    }
    return folders
  }

  /** Target of a hard link. */
  linked(kind: LinkKind, number: number): Item | null {
    const parent = this.privateFolder[kind]
    const nodes = (this.#linked[kind] ??= this.#numbered(kind))
    const node = nodes.get(number)
    if (node === undefined) return null
    for (const { item } of itemsOf(this.tree.leaf(node)))
      if (item.parent === parent && linkNumberOf(kind, item) === number) return item
    return null
  }

  /** True for a target of hard links: it is named by its links, not by its own name. */
  isLinkTarget(item: Item): boolean {
    return item.parent === this.privateFolder.file && linkNumberOf('file', item) !== null
  }

  #numbered(kind: LinkKind): Map<number, number> {
    const parent = this.privateFolder[kind]
    const nodes = new Map<number, number>()
    if (parent === 0) return nodes
    for (const node of this.#index.nodesOf(parent))
      for (const { item } of itemsOf(this.tree.leaf(node))) {
        const number = item.parent === parent ? linkNumberOf(kind, item) : null
        if (number !== null) nodes.set(number, node)
      }
    return nodes
  }

  #find(parent: number, is: (item: Item) => boolean): Item | null {
    for (const { item } of this.itemsOfFolder(parent)) if (is(item)) return item
    return null
  }
}

/** The root, if it is in the first leaf: no further leaf is read for it. */
export function rootOf(tree: BTree): Item | null {
  const leaf = tree.leaves().next().value
  if (!leaf) return null
  for (const { item } of itemsOf(leaf)) if (item.parent === ROOT_PARENT && item.id === ROOT) return item
  return null
}

function linkNumberOf(kind: LinkKind, { name }: Item): number | null {
  const text = Buffer.from(name).swap16().toString('utf16le')
  const found = new RegExp(`^${PREFIX[kind]}(\\d{1,10})$`).exec(text)
  return found ? Number(found[1]) : null
}

function numbersOf(leaf: Leaf): number[] {
  if (!leaf.node) return [...itemsOf(leaf)].map(({ item }) => item.parent)
  const numbers: number[] = []
  for (const { from, to } of leaf.node.records) {
    const key = keyAt(leaf.bytes, from, to)
    if (key) numbers.push(key.parent)
  }
  return numbers
}

function* itemsOf({ bytes, node }: Leaf): Generator<FoundItem> {
  if (!node) {
    for (const record of recordsLeftIn(bytes, 0, bytes.length))
      if (isItem(record)) yield { item: record, salvaged: true }
    return
  }
  for (const { from, to } of node.records) {
    const key = keyAt(bytes, from, to)
    const item = key && named(bytes, key, to)
    if (item) yield { item, salvaged: false }
  }
}

function isReadable(bytes: Buffer, from: number, to: number): boolean {
  const key = keyAt(bytes, from, to)
  return key !== null && (named(bytes, key, to) ?? threadAt(bytes, key, to)) !== null
}

function named(bytes: Buffer, key: CatalogKey, to: number): Item | null {
  return key.name.length > 0 ? itemAt(bytes, key, to) : null
}
