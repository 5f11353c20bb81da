/**
 * The file tree of one volume in the state of one transaction: all records of a file are together under its number.
 *
 * Nodes are named by numbers of the volume's object map; in a sealed volume some are named by their block.
 */
import { type Blocks, checksumAgrees, headerOf, OBJECT } from './blocks.ts'
import { BTree, type Compare, type RecordTree, type TreeNodes } from './btree.ts'
import { fileId, keyed } from './file-id.ts'
import { LeafList } from './leaf-list.ts'
import { Node, type TreeRecord } from './node.ts'
import { ObjectMap, physicalNode } from './object-map.ts'
import {
  type Attribute,
  attributeOf,
  type Extent,
  extentOf,
  type Inode,
  inodeOf,
  type Name,
  nameOf,
  type OtherName,
  otherNameOf,
  RECORD,
} from './records.ts'
import type { VolumeSuperblock } from './superblocks.ts'

const EXTENT_SHAPE = { keyBytes: 16, valueBytes: 16 } as const
/** Attributes of one file. */
const ATTRIBUTES_MOST = 10_000
/** Names of one removed file. */
const NAMES_MOST = 65_536

/** Called for an unusable part: the number of a node, or its block. */
export type Damaged = (what: 'node' | 'map-node' | 'index' | 'record' | 'snapshot', reference: number) => void

export interface FileObject {
  readonly inode: Inode
  readonly attributes: readonly Attribute[]
}

export class FileTree {
  readonly superblock: VolumeSuperblock
  readonly #tree: RecordTree
  readonly #map: ObjectMap
  /** Of a sealed volume. */
  readonly #extents: BTree | null
  readonly #damaged: Damaged

  private constructor(
    superblock: VolumeSuperblock,
    map: ObjectMap,
    tree: RecordTree,
    extents: BTree | null,
    damaged: Damaged,
  ) {
    this.superblock = superblock
    this.#map = map
    this.#tree = tree
    this.#extents = extents
    this.#damaged = damaged
  }

  /**
   * @param written latest transaction of its object map; for a snapshot the present one
   * @returns null where its object map or its root is lost
   */
  static open(
    blocks: Blocks,
    superblock: VolumeSuperblock,
    damaged: Damaged,
    written = superblock.transaction,
  ): FileTree | null {
    const { transaction } = superblock
    const map = ObjectMap.open(blocks, superblock.objectMap, { written, asOf: transaction }, (block) =>
      damaged('map-node', block),
    )
    if (map === null) return null
    const nodes = superblock.isFileTreePhysical
      ? (block: number) => physicalNode(blocks, block, OBJECT.fileTree, null, transaction)
      : (id: number) => mappedNode(blocks, map, id)
    const tree = treeOrLeaves(new BTree(superblock.fileTree, sayingSo(nodes, damaged)), () => {
      damaged('index', superblock.fileTree)
      return superblock.isFileTreePhysical ? null : leavesOf(map, sayingSo(nodes, damaged))
    })
    if (tree === null) return null
    const extents = superblock.isSealed
      ? new BTree(
          superblock.extentTree,
          sayingSo(
            (block) => physicalNode(blocks, block, OBJECT.fileExtents, EXTENT_SHAPE, transaction),
            damaged,
          ),
        )
      : null
    return new FileTree(superblock, map, tree, extents, damaged)
  }

  /** True where a node has this number, or had when the object map was written. */
  hasNode(id: number): boolean {
    return this.#map.lookUp(id) !== null
  }

  inode(id: number): Inode | null {
    const record = this.#tree.floor(at(id, RECORD.inode))
    if (record === null) return null
    const found = keyed(record.key)
    return found.id === id && found.type === RECORD.inode
      ? this.#read(record, () => inodeOf(id, record))
      : null
  }

  /** An inode with its attributes, in one walk. */
  object(id: number): FileObject | null {
    let inode: Inode | null = null
    const attributes: Attribute[] = []
    for (const record of this.#tree.from(at(id, RECORD.inode))) {
      const found = keyed(record.key)
      if (found.id !== id || found.type > RECORD.attribute) break
      if (found.type === RECORD.inode) inode = this.#read(record, () => inodeOf(id, record))
      if (found.type !== RECORD.attribute) continue
      if (attributes.length >= ATTRIBUTES_MOST) {
        this.#damaged('record', id)
        break
      }
      const attribute = this.#read(record, () => attributeOf(record))
      if (attribute !== null) attributes.push(attribute)
    }
    return inode === null ? null : { inode, attributes }
  }

  /** Names in a folder, in the order of the tree. */
  *names(folder: number): Generator<Name, void, undefined> {
    for (const record of this.#tree.from(at(folder, RECORD.name))) {
      const found = keyed(record.key)
      if (found.id !== folder || found.type !== RECORD.name) return
      const name = this.#read(record, () => nameOf(record, this.superblock.hasHashedNames))
      if (name !== null) yield name
    }
  }

  /** Every name of a file that has several; none where it has one. */
  *otherNames(id: number): Generator<OtherName, void, undefined> {
    let left = NAMES_MOST
    for (const record of this.#tree.from(at(id, RECORD.sibling))) {
      const found = keyed(record.key)
      if (found.id !== id || found.type !== RECORD.sibling || left-- === 0) return
      const name = this.#read(record, () => otherNameOf(record))
      if (name !== null) yield name
    }
  }

  /** Extents of a content, in order. */
  *extents(content: number): Generator<Extent, void, undefined> {
    const records =
      this.#extents === null
        ? this.#tree.from(at(content, RECORD.extent))
        : this.#extents.from((key) => fileId(key, 0) - content)
    for (const record of records) {
      const { key, value } = record
      const isIts =
        this.#extents === null
          ? keyed(key).id === content && keyed(key).type === RECORD.extent
          : fileId(key, 0) === content
      if (!isIts) return
      const extent = this.#read(record, () => extentOf(key, value))
      if (extent !== null) yield extent
    }
  }

  /** Every inode, in the order of their numbers. @param other leaves that it shares are left out */
  *inodes(other?: FileTree): Generator<Inode, void, undefined> {
    const records =
      other === undefined
        ? this.#tree.from(() => 1)
        : this.#tree.without((id) => {
            const [own, its] = [this, other].map((tree) => tree.#map.lookUp(id))
            return own !== null && own?.block === its?.block
          })
    for (const record of records) {
      const { id, type } = keyed(record.key)
      const inode = type === RECORD.inode ? this.#read(record, () => inodeOf(id, record)) : null
      if (inode !== null) yield inode
    }
  }

  #read<T>(record: TreeRecord, parse: () => T | null): T | null {
    const parsed = parse()
    if (parsed === null) this.#damaged('record', keyed(record.key).id)
    return parsed
  }
}

const at =
  (id: number, type: number): Compare =>
  (key) => {
    const found = keyed(key)
    return found.id === id ? found.type - type : found.id - id
  }

/** The tree; where its index is damaged, the leaves found through the object map. */
function treeOrLeaves(tree: BTree, leaves: () => RecordTree | null): RecordTree | null {
  if (tree.isIndexWhole()) return tree
  return leaves() ?? (tree.root === null ? null : tree)
}

function leavesOf(map: ObjectMap, nodes: TreeNodes): LeafList | null {
  const references = function* (): Generator<number> {
    for (const { id } of map.all()) yield id
  }
  const list = new LeafList(references(), nodes)
  return list.isEmpty ? null : list
}

export function sayingSo(node: TreeNodes['node'], damaged: Damaged): TreeNodes {
  return { node, damaged: (reference) => damaged('node', reference) }
}

/** True where the root of an encrypted volume's tree is readable: a key opened it. */
export function isReadable(blocks: Blocks, superblock: VolumeSuperblock): boolean {
  const { transaction } = superblock
  const map = ObjectMap.open(
    blocks,
    superblock.objectMap,
    { written: transaction, asOf: transaction },
    () => {},
  )
  const isEncrypted = map?.lookUp(superblock.fileTree)?.isEncrypted === true
  return map !== null && isEncrypted && mappedNode(blocks, map, superblock.fileTree) !== null
}

function mappedNode(blocks: Blocks, map: ObjectMap, id: number): Node | null {
  const mapped = map.lookUp(id)
  // Decrypted where a key opened the volume; else its checksum is wrong.
  if (mapped === null || (mapped.isEncrypted && !mapped.hasHeader)) return null
  const bytes = blocks.read(mapped.block)
  if (bytes === null) return null
  if (mapped.hasHeader) {
    const { id: own, type, subtype, transaction } = headerOf(bytes)
    const isNode = type === OBJECT.treeNode || type === OBJECT.treeRoot
    const isIt = own === id && subtype === OBJECT.fileTree && transaction <= mapped.transaction
    if (!isNode || !isIt || !checksumAgrees(bytes)) return null
  }
  return new Node(mapped.block, bytes, null)
}
