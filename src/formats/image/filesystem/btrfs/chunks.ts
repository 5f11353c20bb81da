/**
 * Chunks: which bytes of this device hold a logical address.
 * @see Linux include/uapi/linux/btrfs_tree.h, struct btrfs_chunk
 */
import { number } from './superblock.ts'

interface Chunk {
  readonly from: number
  readonly end: number
  /** Offsets of its copies on this device; none: it lies on other devices, or in stripes over several. */
  readonly copies: readonly number[]
}

/** Stripes over several devices (RAID 0, 10, 5, 6): half of a content is not its content. */
const STRIPED = 8n | 64n | 128n | 256n
const HEADER_BYTES = 48
const STRIPE_BYTES = 32
const KEY_BYTES = 17
const CHUNK_ITEM = 228

export class Chunks {
  readonly #device: number
  readonly #deviceBytes: number
  #chunks: Chunk[] = []
  /** Bytes of chunks that this device does not hold. */
  elsewhereBytes = 0

  constructor(device: number, deviceBytes: number) {
    this.#device = device
    this.#deviceBytes = deviceBytes
  }

  /** Keys and items, one after the other. @returns false where it is damaged */
  addAll(array: Buffer): boolean {
    for (let at = 0; at < array.length; ) {
      if (at + KEY_BYTES + HEADER_BYTES > array.length || array[at + 8] !== CHUNK_ITEM) return false
      const size = this.add(number(array, at + 9), array.subarray(at + KEY_BYTES))
      if (size === null) return false
      at += KEY_BYTES + size
    }
    return true
  }

  /** @param from its logical address @returns bytes of the item; null: it is damaged */
  add(from: number, item: Buffer): number | null {
    if (item.length < HEADER_BYTES) return null
    const length = number(item, 0)
    const stripes = item.readUInt16LE(44)
    const size = HEADER_BYTES + stripes * STRIPE_BYTES
    if (from < 0 || length <= 0 || !Number.isSafeInteger(from + length) || size > item.length) return null
    const isStriped = (item.readBigUInt64LE(24) & STRIPED) !== 0n
    const copies: number[] = []
    for (let i = 0; i < stripes && !isStriped; i++) {
      const at = HEADER_BYTES + i * STRIPE_BYTES
      const offset = number(item, at + 8)
      if (number(item, at) === this.#device && offset >= 0 && offset + length <= this.#deviceBytes)
        copies.push(offset)
    }
    if (this.#chunks.some((known) => known.from < from + length && from < known.end)) return size
    if (copies.length === 0) this.elsewhereBytes += length
    this.#chunks.push({ from, end: from + length, copies })
    this.#chunks.sort((a, b) => a.from - b.from)
    return size
  }

  /** Places of a range on this device, in pieces by chunk; null: a part of it is not here. */
  placesOf(from: number, length: number): { readonly offset: number; readonly length: number }[] | null {
    const pieces: { offset: number; length: number }[] = []
    for (let at = from; at < from + length; ) {
      const chunk = this.#of(at)
      const [copy] = chunk?.copies ?? []
      if (!chunk || copy === undefined) return null
      const end = Math.min(chunk.end, from + length)
      pieces.push({ offset: copy + at - chunk.from, length: end - at })
      at = end
    }
    return pieces
  }

  /** Offsets of each copy of an address; the range must lie in one chunk. */
  copiesOf(from: number, length: number): readonly number[] {
    const chunk = this.#of(from)
    if (!chunk || from + length > chunk.end) return []
    return chunk.copies.map((copy) => copy + from - chunk.from)
  }

  #of(address: number): Chunk | undefined {
    let low = 0
    let high = this.#chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#chunks[middle]!.end <= address) low = middle + 1
      else high = middle
    }
    const chunk = this.#chunks[low]
    return chunk && chunk.from <= address ? chunk : undefined
  }
}
