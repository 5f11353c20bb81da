/**
 * The block map of one shadow copy's store: overwritten blocks of the volume that were kept, and their places.
 *
 * @see libyal/libvshadow, documentation/Volume Shadow Snapshot (VSS) format.asciidoc, "Successive block descriptors"
 */
import type { Medium } from '../../../../../contracts/image.ts'
import { u64 } from '../../../content/read-at.ts'
import { BLOCK_BYTES, blocksOf, HEADER_BYTES } from './catalogue.ts'

const DESCRIPTOR_BYTES = 32
const BLOCK_LIST = 3
const BITMAP = 6
const FLAG = { forwarder: 1, overlay: 2, unused: 4 } as const
/** 16 GiB of kept blocks: more are not held in memory. */
const DESCRIPTORS_AT_MOST = 1_000_000

export interface Kept {
  /** Offset on the volume of the kept bytes; for a forwarder the block of the next copy that has them. */
  readonly from: number
  readonly isForwarder: boolean
}

interface Block {
  /** Null: only an overlay is known. */
  kept: Kept | null
  /** Sectors with newer bytes in a block of the store, one bit each; valid for this copy, not for older ones. */
  overlay: { readonly from: number; sectors: number } | null
}

export class BlockMap {
  readonly #blocks = new Map<number, Block>()
  /** Targets of forwarders. */
  readonly #forwarded = new Map<number, number>()
  readonly #unused: readonly Uint8Array[]
  /** A chain is broken or exceeds a limit: the map is incomplete. */
  damaged = false

  constructor(
    volume: Medium,
    store: { readonly blocks: number; readonly bitmap: number; readonly previousBitmap: number },
  ) {
    const broken = () => {
      this.damaged = true
    }
    for (const block of blocksOf(volume, store.blocks, BLOCK_LIST, broken)) {
      for (let at = HEADER_BYTES; at < BLOCK_BYTES; at += DESCRIPTOR_BYTES) this.#add(block, at)
      if (this.#blocks.size < DESCRIPTORS_AT_MOST) continue
      broken()
      break
    }
    this.#unused = [store.bitmap, store.previousBitmap]
      .filter((at) => at !== 0)
      .map((at) =>
        Buffer.concat([...blocksOf(volume, at, BITMAP, broken)].map((block) => block.subarray(HEADER_BYTES))),
      )
  }

  /** Kept bytes of the block at this offset. */
  keptAt(offset: number): Kept | null {
    return this.#blocks.get(blockOf(offset))?.kept ?? null
  }

  /** Place of the newer sector at this offset, and the number of bytes with the same answer. */
  overlayAt(offset: number): { readonly from: number | null; readonly length: number } {
    const inBlock = offset % BLOCK_BYTES
    const overlay = this.#blocks.get(blockOf(offset))?.overlay
    if (!overlay) return { from: null, length: BLOCK_BYTES - inBlock }
    const isSet = (sector: number) => ((overlay.sectors >>> sector) & 1) === 1
    const first = Math.floor(inBlock / 512)
    let end = first + 1
    while (end < 32 && isSet(end) === isSet(first)) end++
    return { from: isSet(first) ? overlay.from + inBlock : null, length: end * 512 - inBlock }
  }

  /** True for blocks that were not kept because they were unused; their present bytes are newer. */
  isUnused(offset: number): boolean {
    const block = blockOf(offset)
    if (this.#unused.length === 0 || this.#forwarded.has(block)) return false
    return this.#unused.every((bits) => (((bits[block >>> 3] ?? 0) >>> (block & 7)) & 1) === 1)
  }

  #add(list: Buffer, at: number): void {
    const [stated, relative, from] = [u64(list, at), u64(list, at + 8), u64(list, at + 16)]
    const [flags, sectors] = [list.readUInt32LE(at + 24), list.readUInt32LE(at + 28)]
    const isEmpty = stated === 0 && relative === 0 && from === 0 && flags === 0
    if (isEmpty || (flags & FLAG.unused) !== 0 || !Number.isFinite(stated + relative + from)) return
    if ((flags & FLAG.overlay) !== 0) this.#overlay(stated, from, sectors)
    else this.#keep(stated, relative, from, (flags & FLAG.forwarder) !== 0)
  }

  #keep(stated: number, relative: number, from: number, isForwarder: boolean): void {
    const by = this.#forwarded.get(blockOf(stated))
    const original = by ?? stated
    if (by !== undefined) this.#forwarded.delete(blockOf(stated))
    if (isForwarder && original === relative) return
    const kept = { from: isForwarder ? relative : from, isForwarder }
    const block = this.#blocks.get(blockOf(original))
    if (block) block.kept = kept
    else this.#blocks.set(blockOf(original), { kept, overlay: null })
    if (isForwarder) this.#forwarded.set(blockOf(relative), original)
  }

  #overlay(original: number, from: number, sectors: number): void {
    const block = this.#blocks.get(blockOf(original))
    if (!block) this.#blocks.set(blockOf(original), { kept: null, overlay: { from, sectors } })
    else if (block.overlay) block.overlay.sectors |= sectors
    else block.overlay = { from, sectors }
  }
}

const blockOf = (offset: number): number => Math.floor(offset / BLOCK_BYTES)
