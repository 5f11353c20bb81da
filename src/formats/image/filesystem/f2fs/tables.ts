/**
 * Tables of a checkpoint: where each node is (NAT), and which blocks are in use (SIT). The newest changes of both stand
 * in summaries of the checkpoint.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_nat_entry, f2fs_sit_entry and f2fs_journal; fs/f2fs/segment.c
 */
import type { Medium } from '../../../../contracts/image.ts'
import { type Checkpoint, FLAG, isSet, type Superblock } from './superblock.ts'

const NAT_ENTRY = 9
const SIT_ENTRY = 74
const JOURNAL_BYTES = 507
/** Offset of the journal in a block of summaries: 512 entries of seven bytes come before. */
const SUMMARY_BYTES = 3584
const HOT_DATA = 0
const COLD_DATA = 2
const BLOCKS_KEPT = 64

export interface NodePlace {
  readonly inode: number
  readonly block: number
}

export class Tables {
  readonly #superblock: Superblock
  readonly #checkpoint: Checkpoint
  readonly #volume: Medium
  readonly #nodes = new Map<number, NodePlace>()
  readonly #segments = new Map<number, Buffer>()
  readonly #kept = new Map<number, Buffer>()

  constructor(superblock: Superblock, checkpoint: Checkpoint, volume: Medium) {
    this.#superblock = superblock
    this.#checkpoint = checkpoint
    this.#volume = volume
    const [nat, sit] = this.#journals()
    for (const entry of entriesIn(nat, 4 + NAT_ENTRY))
      this.#nodes.set(entry.readUInt32LE(0), placeIn(entry, 4))
    for (const entry of entriesIn(sit, 4 + SIT_ENTRY))
      this.#segments.set(entry.readUInt32LE(0), Buffer.from(entry.subarray(6, 70)))
  }

  /** Highest number of a node, and one. */
  get nodeNumbers(): number {
    const { natSegments, segmentBlocks, blockBytes } = this.#superblock
    return (natSegments / 2) * segmentBlocks * Math.floor(blockBytes / NAT_ENTRY)
  }

  /** @returns null for a number that is not in use */
  node(number: number): NodePlace | null {
    const changed = this.#nodes.get(number)
    if (changed) return changed.block === 0 ? null : changed
    if (number >= this.nodeNumbers) return null
    const perBlock = Math.floor(this.#superblock.blockBytes / NAT_ENTRY)
    const bytes = this.#natBlock(Math.floor(number / perBlock))
    const place = placeIn(bytes, (number % perBlock) * NAT_ENTRY)
    return place.block === 0 ? null : place
  }

  /** Two copies of each block stand in segments beside each other. */
  #natBlock(index: number): Buffer {
    const { natAt, segmentBlocks } = this.#superblock
    const segment = Math.floor(index / segmentBlocks)
    const first = natAt + segment * segmentBlocks * 2 + (index % segmentBlocks)
    return this.#block(first + (isSet(this.#checkpoint.natBitmap, index) ? segmentBlocks : 0))
  }

  /** Blocks in use of a segment, one bit each, the highest first. */
  segment(number: number): Buffer {
    const changed = this.#segments.get(number)
    if (changed) return changed
    const { sitAt, sitBlocks, blockBytes } = this.#superblock
    const perBlock = Math.floor(blockBytes / SIT_ENTRY)
    const index = Math.floor(number / perBlock)
    const block = this.#block(sitAt + index + (isSet(this.#checkpoint.sitBitmap, index) ? sitBlocks : 0))
    const at = (number % perBlock) * SIT_ENTRY
    return block.subarray(at + 2, at + 66)
  }

  #journals(): readonly [nat: Buffer, sit: Buffer] {
    const { at, packBlocks, summaryStart, flags } = this.#checkpoint
    if ((flags & FLAG.compactSummary) !== 0) {
      const compact = this.#block(at + summaryStart)
      return [compact.subarray(0, JOURNAL_BYTES), compact.subarray(JOURNAL_BYTES, 2 * JOURNAL_BYTES)]
    }
    const summaries = (flags & (FLAG.unmounted | FLAG.fastBoot)) !== 0 ? 6 : 3
    const summary = (type: number) =>
      this.#block(at + packBlocks - (summaries + 1) + type).subarray(
        SUMMARY_BYTES,
        SUMMARY_BYTES + JOURNAL_BYTES,
      )
    return [Buffer.from(summary(HOT_DATA)), Buffer.from(summary(COLD_DATA))]
  }

  /** A block of the volume; zeros behind its end. */
  #block(number: number): Buffer {
    const kept = this.#kept.get(number)
    if (kept) return kept
    const bytes = Buffer.alloc(this.#superblock.blockBytes)
    this.#volume.readInto(bytes, number * bytes.length)
    if (this.#kept.size >= BLOCKS_KEPT) this.#kept.delete(this.#kept.keys().next().value!)
    this.#kept.set(number, bytes)
    return bytes
  }
}

function placeIn(bytes: Buffer, at: number): NodePlace {
  return { inode: bytes.readUInt32LE(at + 1), block: bytes.readUInt32LE(at + 5) }
}

/** A number of entries, then the entries. */
function* entriesIn(journal: Buffer, entryBytes: number): Generator<Buffer> {
  const most = Math.floor((JOURNAL_BYTES - 2) / entryBytes)
  const count = journal.readUInt16LE(0)
  if (count > most) return
  for (let i = 0; i < count; i++) yield journal.subarray(2 + i * entryBytes, 2 + (i + 1) * entryBytes)
}
