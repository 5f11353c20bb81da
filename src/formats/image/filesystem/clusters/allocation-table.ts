/**
 * The file allocation table of FAT and exFAT, which gives the next cluster of each. It is read in pages, never whole.
 */
import type { Medium } from '../../../../contracts/image.ts'

export const FREE = 0
/** A chain ends here. */
export const END = -1
export const BAD = -2

/** Bits of an entry: FAT12, FAT16, FAT32 (28 of 32 bits count), exFAT. */
export type EntryBits = 12 | 16 | 28 | 32

const PAGE_BYTES = 1 << 16
/** 4 MiB: the tables of a 32 GiB card with clusters of 32 KiB, whole. */
const MOST_PAGES = 64

export class AllocationTable {
  readonly #volume: Medium
  readonly #copies: readonly number[]
  readonly #sizeBytes: number
  readonly #bits: EntryBits
  readonly #pages = new Map<number, Buffer>()
  #last: { readonly number: number; readonly bytes: Buffer } = { number: -1, bytes: Buffer.alloc(0) }

  /** @param copies offsets of the copies, the active one first: where its bytes are damaged, the next one is read */
  constructor(volume: Medium, copies: readonly number[], sizeBytes: number, bits: EntryBits) {
    this.#volume = volume
    this.#copies = copies
    this.#sizeBytes = sizeBytes
    this.#bits = bits
  }

  /** Number of the next cluster, FREE, END or BAD. The number may be outside the volume; 1 is never valid. */
  next(cluster: number): number {
    switch (this.#bits) {
      case 12: {
        const at = cluster + (cluster >>> 1)
        const both = this.#byte(at) | (this.#byte(at + 1) << 8)
        const value = cluster & 1 ? both >>> 4 : both & 0xfff
        return value >= 0xff8 ? END : value === 0xff7 ? BAD : value
      }
      case 16: {
        const value = this.#word(cluster * 2, 2)
        return value >= 0xfff8 ? END : value === 0xfff7 ? BAD : value
      }
      case 28: {
        const value = this.#word(cluster * 4, 4) & 0x0fffffff
        return value >= 0x0ffffff8 ? END : value === 0x0ffffff7 ? BAD : value
      }
      case 32: {
        const value = this.#word(cluster * 4, 4)
        return value >= 0xfffffff8 ? END : value === 0xfffffff7 ? BAD : value
      }
    }
  }

  #word(at: number, bytes: 2 | 4): number {
    if (at + bytes > this.#sizeBytes) return FREE
    const page = this.#page(Math.floor(at / PAGE_BYTES))
    const within = at % PAGE_BYTES
    return bytes === 2 ? page.readUInt16LE(within) : page.readUInt32LE(within)
  }

  #byte(at: number): number {
    if (at >= this.#sizeBytes) return 0
    return this.#page(Math.floor(at / PAGE_BYTES))[at % PAGE_BYTES] ?? 0
  }

  #page(number: number): Buffer {
    if (this.#last.number === number) return this.#last.bytes
    const bytes = this.#pages.get(number) ?? this.#read(number)
    this.#last = { number, bytes }
    return bytes
  }

  #read(number: number): Buffer {
    const [oldest] = this.#pages.keys()
    if (oldest !== undefined && this.#pages.size >= MOST_PAGES) this.#pages.delete(oldest)
    const bytes = Buffer.alloc(PAGE_BYTES)
    for (const copy of this.#copies) {
      const offset = copy + number * PAGE_BYTES
      bytes.fill(0)
      this.#volume.readInto(bytes, offset)
      if (this.#volume.damageIn(offset, PAGE_BYTES).length === 0) break
    }
    this.#pages.set(number, bytes)
    return bytes
  }
}
