/**
 * Class of each block of a container, and free space: by the bitmaps of the space manager, without the blocks in the
 * free queues.
 *
 * Blocks of live files that a bitmap calls free count as in use, so that no deleted content is read from them.
 */
import type { ByteRange, VolumeClasses } from '../../../../contracts/image.ts'
import { u64 } from '../../content/read-at.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import { ClusterTally } from '../clusters/tally.ts'
import { type Blocks, OBJECT } from './blocks.ts'
import { BTree } from './btree.ts'
import type { Ephemeral } from './container.ts'
import type { Layout } from './layout.ts'
import { Node } from './node.ts'

/** Called for unusable blocks. */
export type SpaceDamaged = (
  code: 'space-manager-damaged' | 'bitmap-damaged' | 'blocks-not-marked-in-use',
  record: number,
) => void

const CHUNK_BYTES = 32
const TABLE_AT = 40
/** Offsets for the main device: its fields, and its queue of blocks to be freed. */
const DEVICE_AT = 48
const QUEUE_TREE_AT = 248
const QUEUE_SHAPE = { keyBytes: 16, valueBytes: 8 } as const
/** Entries of a queue: each names blocks that were freed together. */
const QUEUE_MOST = 1_000_000

export class Space {
  readonly #blocks: Blocks
  readonly #damaged: SpaceDamaged
  /** Blocks in use by the bitmaps. */
  readonly #marked: ClusterSet
  readonly #tally: ClusterTally
  #ownerlessBytes = 0
  #encryptedBytes = 0

  constructor(
    blocks: Blocks,
    ephemeral: ReadonlyMap<number, Ephemeral>,
    manager: number,
    damaged: SpaceDamaged,
  ) {
    this.#blocks = blocks
    this.#damaged = damaged
    this.#marked = new ClusterSet(blocks.count)
    this.#tally = new ClusterTally({ origin: 0, clusterBytes: blocks.blockBytes, clusters: blocks.count })
    const at = ephemeral.get(manager)
    const bytes = at && blocks.largeObject(at.block, at.bytes, OBJECT.spaceManager)
    if (!bytes) {
      // Free space is unknown, so no block counts as free.
      damaged('space-manager-damaged', at?.block ?? 0)
      this.#marked.add(0, blocks.count)
      return
    }
    this.#readChunks(bytes)
    this.#readQueue(u64(bytes, QUEUE_TREE_AT), ephemeral)
  }

  #readChunks(manager: Buffer): void {
    const chunkLists = manager.readUInt32LE(DEVICE_AT + 16)
    const addressLists = manager.readUInt32LE(DEVICE_AT + 20)
    const from = manager.readUInt32LE(DEVICE_AT + 32)
    let known = 0
    for (const list of addressesIn(manager, from, addressLists || chunkLists)) {
      const lists = addressLists > 0 ? this.#addresses(list) : [list]
      for (const chunks of lists) known = this.#readChunkList(chunks, known)
    }
    // Blocks that no chunk covers are not free.
    if (known < this.#blocks.count) {
      this.#damaged('bitmap-damaged', known)
      this.#marked.add(known, this.#blocks.count)
    }
  }

  #addresses(block: number): number[] {
    const bytes = this.#blocks.object(block, OBJECT.chunkAddresses)
    if (bytes === null) {
      this.#damaged('bitmap-damaged', block)
      return []
    }
    return [...addressesIn(bytes, TABLE_AT, bytes.readUInt32LE(36))]
  }

  /** @returns the block behind the last that was spoken of */
  #readChunkList(block: number, known: number): number {
    const bytes = this.#blocks.object(block, OBJECT.chunks)
    if (bytes === null) {
      this.#damaged('bitmap-damaged', block)
      return known
    }
    const count = Math.min(bytes.readUInt32LE(36), Math.floor((bytes.length - TABLE_AT) / CHUNK_BYTES))
    let end = known
    for (let index = 0; index < count; index++) {
      const at = TABLE_AT + index * CHUNK_BYTES
      const from = u64(bytes, at + 8)
      const blocks = bytes.readUInt32LE(at + 16) & 0xfffff
      if (from < end || from >= this.#blocks.count) continue
      // A list before this one was lost.
      if (from > end) this.#marked.add(end, from)
      end = Math.min(from + blocks, this.#blocks.count)
      this.#readBitmap(u64(bytes, at + 24), from, end)
    }
    return end
  }

  /** @param bitmap 0: all of it is free */
  #readBitmap(bitmap: number, from: number, to: number): void {
    if (bitmap === 0) return
    const bits = this.#blocks.read(bitmap)
    if (bits === null || from % 8 !== 0 || to - from > bits.length * 8) {
      this.#damaged('bitmap-damaged', bitmap)
      this.#marked.add(from, to)
      return
    }
    const whole = Math.floor((to - from) / 8)
    this.#marked.bytes.set(bits.subarray(0, whole), from / 8)
    for (let block = from + whole * 8; block < to; block++)
      if (((bits[whole] as number) & (1 << (block & 7))) !== 0) this.#marked.add(block, block + 1)
  }

  /** Blocks without a file whose bits are still set. */
  #readQueue(tree: number, ephemeral: ReadonlyMap<number, Ephemeral>): void {
    if (tree === 0) return
    const node = (id: number): Node | null => {
      const block = ephemeral.get(id)?.block
      if (block === undefined) return null
      const bytes = this.#blocks.object(block, OBJECT.treeNode) ?? this.#blocks.object(block, OBJECT.treeRoot)
      return bytes === null || bytes.readUInt16LE(28) !== OBJECT.freeQueue
        ? null
        : new Node(block, bytes, QUEUE_SHAPE)
    }
    const damaged = (id: number) => this.#damaged('space-manager-damaged', id)
    let entries = 0
    for (const { key, value } of new BTree(tree, { node, damaged }).all()) {
      const from = u64(key, 8)
      const to = Math.min(this.#blocks.count, from + (value.length === 0 ? 1 : u64(value, 0)))
      if (from < to) this.#marked.remove(from, to)
      if (++entries >= QUEUE_MOST) return
    }
  }

  /** Counts the blocks of a live content; shared ones count once. */
  content({ runs }: Layout, sizeBytes: number): void {
    if (runs.length > 0) this.#tally.content(runs, sizeBytes)
  }

  /** Counts the blocks of an encrypted volume, whose positions are unknown. */
  encrypted(blocks: number): void {
    this.#encryptedBytes += Math.min(blocks, this.#blocks.count) * this.#blocks.blockBytes
  }

  /** Call it after all live contents: only then is the free space known. */
  settle(): void {
    const { unmarked, ownerless } = this.#tally.settle(this.#marked)
    if (unmarked > 0) this.#damaged('blocks-not-marked-in-use', unmarked)
    this.#ownerlessBytes = ownerless * this.#blocks.blockBytes
  }

  /** Number of the runs' blocks that are in use now, and of all. */
  held({ runs }: Layout): { readonly gone: number; readonly all: number } {
    return this.#tally.held(runs)
  }

  isFree(block: number): boolean {
    return this.#tally.taken.count(block, block + 1) === 0
  }

  /** In order, merged; bytes behind the container belong to it. */
  *unallocated(): Generator<ByteRange, void, undefined> {
    const behind = this.#behind()
    let last: ByteRange | null = null
    for (const range of this.#tally.unallocated()) {
      if (last !== null) yield last
      last = range
    }
    if (last === null || behind.length === 0 || last.offset + last.length !== behind.offset) {
      if (last !== null) yield last
      if (behind.length > 0) yield behind
    } else yield { offset: last.offset, length: last.length + behind.length }
  }

  #behind(): ByteRange {
    const { blockBytes, count, medium } = this.#blocks
    return { offset: count * blockBytes, length: medium.sizeBytes - count * blockBytes }
  }

  classes(): VolumeClasses {
    const behind = this.#behind().length
    const { metadata, allocated, unallocated, slack } = this.#tally.classes(this.#blocks.medium.sizeBytes)
    // Blocks in use without a content are structures, or belong to an encrypted volume.
    const rest = metadata - behind + this.#ownerlessBytes
    const encrypted = Math.min(this.#encryptedBytes, rest)
    return {
      metadata: rest - encrypted,
      allocated: allocated - this.#ownerlessBytes,
      unallocated: unallocated + behind,
      slack,
      bad: 0,
      ...(encrypted > 0 ? { encrypted } : {}),
    }
  }
}

/** Numbers of blocks, as many as there are room for. */
function* addressesIn(bytes: Buffer, from: number, count: number): Generator<number, void, undefined> {
  for (let index = 0; index < count && from + index * 8 + 8 <= bytes.length; index++)
    yield u64(bytes, from + index * 8)
}
