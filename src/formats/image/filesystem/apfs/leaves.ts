/** Unreferenced leaves of file trees: free blocks that still have their former bytes. */
import type { ByteRange } from '../../../../contracts/image.ts'
import { readAt } from '../../content/read-at.ts'
import { Recent } from '../../content/recent.ts'
import { type Blocks, checksumAgrees, headerOf, OBJECT } from './blocks.ts'
import { isFolder } from './entry.ts'
import { keyed } from './file-id.ts'
import { Node, type TreeRecord } from './node.ts'
import {
  type Attribute,
  attributeOf,
  type Extent,
  extentOf,
  type Inode,
  inodeOf,
  type OtherName,
  otherNameOf,
  RECORD,
} from './records.ts'

/** Bytes of free space to search, from the beginning of the container: half a minute for an E01. */
const SEARCHED_BYTES = 8 * 1024 ** 3
const READ_BYTES = 1024 * 1024
const LEAVES_MOST = 200_000
const FOLDERS_MOST = 100_000
/** Leaves that are kept: 2 MiB of 4 KiB each. */
const KEPT = 512
/** Number of leaves before the position of a record that are tried: versions of the same part of the tree. */
const ASKED = 32

export interface Leaf {
  readonly block: number
  /** Number of the node. */
  readonly id: number
  readonly transaction: number
  readonly first: number
  readonly last: number
}

/** What a leaf has of a file. */
interface InLeaf {
  readonly inode: Inode
  readonly attributes: readonly Attribute[]
  readonly otherNames: readonly OtherName[]
}

export class Leaves {
  readonly #blocks: Blocks
  /** In the order of their first records. */
  readonly #byFirst: readonly Leaf[]
  readonly #kept = new Recent<number, Node | null>(KEPT)
  #folders: ReadonlyMap<number, Inode> | null = null
  /** Newest first. */
  readonly newestFirst: readonly Leaf[]

  /** @param unsought called with the offset behind which the search ended; not called when all was searched */
  constructor(
    blocks: Blocks,
    free: Iterable<ByteRange>,
    unsought: (offset: number) => void,
    searchedBytes = SEARCHED_BYTES,
  ) {
    this.#blocks = blocks
    const found = [...leavesIn(blocks, free, searchedBytes, unsought)]
    this.#byFirst = found.toSorted((a, b) => a.first - b.first)
    this.newestFirst = found.toSorted((a, b) => b.transaction - a.transaction)
  }

  /** Inodes of a leaf, each with its attributes and names in the leaf. */
  *inodesOf(leaf: Leaf): Generator<InLeaf> {
    let open: { inode: Inode; attributes: Attribute[]; otherNames: OtherName[] } | null = null
    for (const record of this.#recordsOf(leaf)) {
      const { id, type } = keyed(record.key)
      if (type === RECORD.inode) {
        if (open !== null) yield open
        const inode = inodeOf(id, record)
        open = inode === null ? null : { inode, attributes: [], otherNames: [] }
      } else if (open === null || open.inode.id !== id) continue
      else if (type === RECORD.attribute) {
        const attribute = attributeOf(record)
        if (attribute !== null) open.attributes.push(attribute)
      } else if (type === RECORD.sibling) {
        const name = otherNameOf(record)
        if (name !== null) open.otherNames.push(name)
      }
    }
    if (open !== null) yield open
  }

  /** A folder by the newest leaf that has it. */
  folder(id: number): Inode | null {
    this.#folders ??= this.#allFolders()
    return this.#folders.get(id) ?? null
  }

  #allFolders(): ReadonlyMap<number, Inode> {
    const found = new Map<number, Inode>()
    for (const leaf of this.newestFirst)
      for (const { inode } of this.inodesOf(leaf))
        if (isFolder(inode) && !found.has(inode.id) && found.size < FOLDERS_MOST) found.set(inode.id, inode)
    return found
  }

  /**
   * Extents of a content from this leaf; incomplete ones are filled from others that are not newer, the newest of them first, and none
   * from before a change of the file. The leaf beside it may have been written once more while this one stayed: then those that are
   * newer are used, where the file did not change.
   */
  extents(content: number, sizeBytes: number, leaf: Leaf, inode: Inode): Extent[] {
    const found = new Map<number, Extent>()
    const isWhole = () => [...found.values()].reduce((sum, { length }) => sum + length, 0) >= sizeBytes
    const take = (one: Leaf): void => {
      for (const { key, value } of this.#recordsOf(one)) {
        const { id, type } = keyed(key)
        const extent = id === content && type === RECORD.extent ? extentOf(key, value) : null
        if (extent !== null && !found.has(extent.from)) found.set(extent.from, extent)
      }
    }
    take(leaf)
    if (!isWhole()) {
      const near = this.#near(content)
      const states = this.#otherStates(inode)
      const changed = states.find((transaction) => transaction <= leaf.transaction) ?? -1
      const isOlder = ({ transaction }: Leaf) => transaction <= leaf.transaction
      const older = near.filter((one) => one !== leaf && isOlder(one) && one.transaction > changed)
      const newer = states.length > 0 ? [] : near.filter((one) => !isOlder(one)).reverse()
      for (const one of [...older, ...newer]) {
        if (isWhole()) break
        take(one)
      }
    }
    return [...found.values()].sort((a, b) => a.from - b.from)
  }

  /** Transactions of leaves that state another time of change for this file, newest first. */
  #otherStates({ id, modifiedNs }: Inode): number[] {
    const isOther = (record: TreeRecord): boolean => {
      const { id: of, type } = keyed(record.key)
      return of === id && type === RECORD.inode && inodeOf(id, record)?.modifiedNs !== modifiedNs
    }
    return this.#near(id)
      .filter((leaf) => [...this.#recordsOf(leaf)].some(isOther))
      .map(({ transaction }) => transaction)
  }

  /** Leaves that may contain records of a number, newest first. */
  #near(id: number): Leaf[] {
    let low = 0
    let high = this.#byFirst.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#byFirst[middle] as Leaf).first <= id) low = middle + 1
      else high = middle
    }
    return this.#byFirst
      .slice(Math.max(0, low - ASKED), low)
      .filter(({ last }) => last >= id)
      .sort((a, b) => b.transaction - a.transaction)
  }

  *#recordsOf({ block }: Leaf): Generator<TreeRecord, void, undefined> {
    const node = this.#kept.get(block, () => {
      const bytes = this.#blocks.read(block)
      return bytes && new Node(block, bytes, null)
    })
    if (node === null) return
    for (let index = 0; index < node.count; index++) {
      const record = node.record(index)
      if (record !== null) yield record
    }
  }
}

function* leavesIn(
  { medium, blockBytes }: Blocks,
  free: Iterable<ByteRange>,
  searchedBytes: number,
  unsought: (offset: number) => void,
): Generator<Leaf, void, undefined> {
  let left = searchedBytes
  let found = 0
  for (const { offset, length } of free) {
    if (left <= 0) return unsought(offset)
    const end = offset + Math.min(length, left)
    left -= end - offset
    for (let at = offset; at + blockBytes <= end; at += READ_BYTES) {
      const bytes = readAt(medium, at, Math.min(READ_BYTES, end - at))
      for (let from = 0; from + blockBytes <= bytes.length; from += blockBytes) {
        // Of a million blocks a few are leaves.
        if (bytes.readUInt16LE(from + 28) !== OBJECT.fileTree) continue
        const leaf = leafOf(bytes.subarray(from, from + blockBytes), (at + from) / blockBytes)
        if (leaf === null) continue
        yield leaf
        if (++found >= LEAVES_MOST) return unsought(at + from + blockBytes)
      }
    }
    if (end < offset + length) return unsought(end)
  }
}

function leafOf(bytes: Buffer, block: number): Leaf | null {
  const { id, transaction, type, subtype } = headerOf(bytes)
  if (subtype !== OBJECT.fileTree || (type !== OBJECT.treeNode && type !== OBJECT.treeRoot)) return null
  const node = new Node(block, bytes, null)
  if (!node.isLeaf || node.count === 0 || !checksumAgrees(bytes)) return null
  const [first, last] = [node.key(0), node.key(node.count - 1)]
  if (first === null || last === null) return null
  return { block, id, transaction, first: keyed(first).id, last: keyed(last).id }
}
