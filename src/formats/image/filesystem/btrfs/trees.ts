/**
 * Trees: all items from a key on, in order.
 * @see Linux include/uapi/linux/btrfs_tree.h, struct btrfs_header, btrfs_item and btrfs_key_ptr
 */
import type { Medium } from '../../../../contracts/image.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Chunks } from './chunks.ts'
import { checksumAgrees, number, type Superblock } from './superblock.ts'

export interface Key {
  readonly object: number
  readonly type: number
  readonly offset: number
}

export interface Item extends Key {
  readonly data: Buffer
  /** Offset of the data on the volume. */
  readonly at: number
}

/** A root block; `generation`: of the change that wrote it, null: not compared. */
export interface Root {
  readonly address: number
  readonly level: number
  readonly generation: number | null
}

const HEADER_BYTES = 101
const POINTER_BYTES = 33
const ITEM_BYTES = 25
const LEVELS_MOST = 8
const BLOCKS_KEPT = 512

interface Block {
  readonly bytes: Buffer
  readonly at: number
}

export class Trees {
  readonly superblock: Superblock
  readonly chunks: Chunks
  readonly #volume: Medium
  readonly #problems: ProblemLog
  readonly #isToday: boolean
  readonly #kept = new Map<number, Block>()

  /** @param isToday false: of trees of before, only blocks whose checksum agrees are read */
  constructor(superblock: Superblock, chunks: Chunks, volume: Medium, problems: ProblemLog, isToday = true) {
    this.#isToday = isToday
    this.superblock = superblock
    this.chunks = chunks
    this.#volume = volume
    this.#problems = problems
  }

  /** Items from `from` on while `wanted` holds. A block that cannot be read is a problem, and its items are missing. */
  *items(root: Root, from: Key, wanted: (key: Key) => boolean): Generator<Item> {
    yield* this.#below(root, from, wanted, new Set())
  }

  /** All items of the leaves that `isLive` does not name, for trees of before. */
  *itemsNotIn(root: Root, isLive: (address: number, generation: number) => boolean): Generator<Item> {
    const seen = new Set<number>()
    const pending = [root]
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (seen.has(next.address) || isLive(next.address, next.generation ?? -1)) continue
      seen.add(next.address)
      const block = this.block(next)
      if (!block) continue
      if (next.level === 0) yield* leafItems(block)
      else for (const child of children(block, next.level)) pending.push(child)
    }
  }

  /** All items of a type of one object. */
  *of(root: Root, object: number, type: number): Generator<Item> {
    yield* this.items(root, { object, type, offset: 0 }, (key) => key.object === object && key.type === type)
  }

  /** @returns false when a key was met that is not wanted: all that follow are not */
  *#below(root: Root, from: Key, wanted: (key: Key) => boolean, seen: Set<number>): Generator<Item, boolean> {
    if (seen.has(root.address)) {
      this.#problems.add('tree-damaged', null, `${root.address}`)
      return true
    }
    seen.add(root.address)
    const block = this.block(root)
    if (!block) return true
    if (root.level === 0) {
      for (const item of leafItems(block)) {
        if (compare(item, from) < 0) continue
        if (!wanted(item)) return false
        yield item
      }
      return true
    }
    const below = children(block, root.level)
    // The last that is not behind the wanted key leads to it.
    const behind = below.findIndex(({ key }) => compare(key, from) > 0)
    const first = behind === -1 ? below.length - 1 : Math.max(0, behind - 1)
    for (const child of below.slice(Math.max(0, first))) {
      if (compare(child.key, from) > 0 && !wanted(child.key)) return false
      if (!(yield* this.#below(child, from, wanted, seen))) return false
    }
    return true
  }

  /** @returns null, and a problem, where no copy can be used */
  block({ address, level, generation }: Root): Block | null {
    const kept = this.#kept.get(address)
    const found = kept ?? this.#read(address)
    const isIts = generation === null || (found && number(found.bytes, 80) === generation)
    if (!found || !isIts || found.bytes[100] !== level || level > LEVELS_MOST) {
      this.#problems.add('tree-damaged', null, `${address}`)
      return null
    }
    if (!kept) {
      if (this.#kept.size >= BLOCKS_KEPT) this.#kept.delete(this.#kept.keys().next().value!)
      this.#kept.set(address, found)
    }
    return found
  }

  /** Level that a block states of itself; 0 where it cannot be read. */
  levelOf(address: number): number {
    return this.#read(address)?.bytes[100] ?? 0
  }

  /** A copy whose checksum agrees; without one, a copy that names its own address, and a problem. */
  #read(address: number): Block | null {
    const { nodeBytes, metaUuid, checksum } = this.superblock
    let doubtful: Block | null = null
    for (const at of this.chunks.copiesOf(address, nodeBytes)) {
      const bytes = Buffer.alloc(nodeBytes)
      if (at + nodeBytes > this.#volume.sizeBytes) continue
      this.#volume.readInto(bytes, at)
      const isIts = number(bytes, 48) === address && bytes.subarray(32, 48).equals(metaUuid)
      if (isIts && checksumAgrees(checksum, bytes)) return { bytes, at }
      if (isIts && this.#isToday) doubtful ??= { bytes, at }
    }
    if (doubtful) this.#problems.add('tree-checksum', null, `${address}`)
    return doubtful
  }
}

const KEY_BYTES = 17

function keyOf(bytes: Buffer, at: number): Key {
  return { object: number(bytes, at), type: bytes[at + 8]!, offset: number(bytes, at + 9) }
}

/** Numbers over 2^53 read as −1: objects of the file system itself, behind all others. */
const order = (value: number): number => (value < 0 ? Number.POSITIVE_INFINITY : value)

function compare(a: Key, b: Key): number {
  const objects = order(a.object) - order(b.object)
  if (a.object !== b.object) return objects
  return a.type === b.type ? (a.offset === b.offset ? 0 : order(a.offset) - order(b.offset)) : a.type - b.type
}

function children({ bytes }: Block, level: number): (Root & { readonly key: Key })[] {
  const count = Math.min(bytes.readUInt32LE(96), Math.floor((bytes.length - HEADER_BYTES) / POINTER_BYTES))
  return Array.from({ length: count }, (_, index) => {
    const at = HEADER_BYTES + index * POINTER_BYTES
    const address = number(bytes, at + KEY_BYTES)
    return { key: keyOf(bytes, at), address, level: level - 1, generation: number(bytes, at + KEY_BYTES + 8) }
  })
}

/** Items whose data lies in the block. */
function* leafItems({ bytes, at }: Block): Generator<Item> {
  const count = Math.min(bytes.readUInt32LE(96), Math.floor((bytes.length - HEADER_BYTES) / ITEM_BYTES))
  for (let index = 0; index < count; index++) {
    const place = HEADER_BYTES + index * ITEM_BYTES
    const offset = HEADER_BYTES + bytes.readUInt32LE(place + KEY_BYTES)
    const length = bytes.readUInt32LE(place + KEY_BYTES + 4)
    const data = bytes.subarray(offset, offset + length)
    if (data.length === length) yield { ...keyOf(bytes, place), data, at: at + offset }
  }
}
