/**
 * The journal of a volume (jbd2): positions and contents of its blocks. All of it is big-endian.
 *
 * Layouts are those of include/linux/jbd2.h; tags of three sizes, checksums of three kinds.
 */
import { crc32c } from '../../../../hash/crc32c.ts'
import { type Blocks, JOURNAL_MAGIC } from './blocks.ts'
import type { Extent } from './runs.ts'

const COMPAT_CHECKSUM = 0x1
const INCOMPAT = {
  revoke: 0x1,
  bits64: 0x2,
  asyncCommit: 0x4,
  checksum2: 0x8,
  checksum3: 0x10,
  fastCommit: 0x20,
} as const
const INCOMPAT_KNOWN = 0x3f
const TAG = { escaped: 1, sameUuid: 2, deleted: 4, last: 8 } as const
/** Default number of blocks for fast commits (JBD2_DEFAULT_FAST_COMMIT_BLOCKS). */
const FAST_COMMIT_BLOCKS = 256

export interface Tag {
  readonly block: number
  readonly escaped: boolean
  /** Checksum of the data block as stored in the journal; 16 or 32 bits. */
  readonly checksum: number
}

export type JournalBlock =
  | {
      readonly type: 'descriptor'
      readonly sequence: number
      readonly tags: readonly Tag[]
      readonly sound: boolean
    }
  | {
      readonly type: 'commit'
      readonly sequence: number
      readonly sound: boolean
      readonly checksum1: number | null
    }
  | {
      readonly type: 'revoke'
      readonly sequence: number
      readonly blocks: readonly number[]
      readonly sound: boolean
    }

export class Journal {
  readonly #blocks: Blocks
  readonly #bytes: Buffer
  readonly #extents: readonly Extent[]
  readonly #bits64: boolean
  readonly #checksums: 'none' | 'of-transactions' | 'v2' | 'v3'
  readonly #seed: number
  /** First block of the log, the one behind the last, as blocks of the journal. */
  readonly first: number
  readonly end: number
  /** First block of the log that was not written home yet; 0: none. */
  readonly start: number
  readonly sequence: number
  /** Blocks for fast commits at the end of the journal; 0: none. */
  readonly fastCommitBlocks: number

  private constructor(blocks: Blocks, extents: readonly Extent[], head: Buffer, blocksHeld: number) {
    const incompat = head.readUInt32BE(40)
    this.#blocks = blocks
    this.#bytes = Buffer.alloc(blocks.blockBytes)
    this.#extents = extents
    this.#bits64 = (incompat & INCOMPAT.bits64) !== 0
    const transactions = (head.readUInt32BE(36) & COMPAT_CHECKSUM) !== 0
    this.#checksums =
      (incompat & INCOMPAT.checksum3) !== 0
        ? 'v3'
        : (incompat & INCOMPAT.checksum2) !== 0
          ? 'v2'
          : transactions
            ? 'of-transactions'
            : 'none'
    this.#seed = crc32c(0xffffffff, head.subarray(48, 64))
    const length = Math.min(head.readUInt32BE(16), blocksHeld)
    const fast = (incompat & INCOMPAT.fastCommit) !== 0
    this.fastCommitBlocks = fast ? Math.min(length, head.readUInt32BE(84) || FAST_COMMIT_BLOCKS) : 0
    this.first = Math.max(1, head.readUInt32BE(20))
    this.end = length - this.fastCommitBlocks
    this.sequence = head.readUInt32BE(24)
    this.start = head.readUInt32BE(28)
  }

  /** @returns the journal, or the code of why it cannot be read */
  static open(blocks: Blocks, extents: readonly Extent[]): { journal: Journal; problems: string[] } | string {
    const held = extents.reduce((sum, extent) => Math.max(sum, extent.logical + extent.length), 0)
    const at = offsetOf(extents, 0, blocks.blockBytes)
    if (at === null) return 'journal-damaged'
    const head = Buffer.alloc(1024)
    blocks.volume.readInto(head, at)
    const type = head.readUInt32BE(4)
    if (head.readUInt32BE(0) !== JOURNAL_MAGIC || (type !== 3 && type !== 4)) return 'journal-damaged'
    if (head.readUInt32BE(12) !== blocks.blockBytes) return 'journal-damaged'
    // The first version has no features.
    if (type === 3) head.fill(0, 36)
    const problems = []
    if ((head.readUInt32BE(40) & ~INCOMPAT_KNOWN) !== 0) problems.push('journal-feature-unknown')
    const journal = new Journal(blocks, extents, head, held)
    if (journal.first >= journal.end || journal.start >= journal.end) return 'journal-damaged'
    if (journal.#tailBytes > 0) {
      const stated = head.readUInt32BE(252)
      head.writeUInt32BE(0, 252)
      if (crc32c(0xffffffff, head) !== stated) problems.push('journal-superblock-checksum')
    }
    return { journal, problems }
  }

  /** Unit that the journal's checksums cover. */
  get checksOf(): 'nothing' | 'transactions' | 'blocks' {
    if (this.#checksums === 'none') return 'nothing'
    return this.#checksums === 'of-transactions' ? 'transactions' : 'blocks'
  }

  /** Byte offset on the volume of a block of the journal; null: none. */
  offsetOf(position: number): number | null {
    return offsetOf(this.#extents, position, this.#blocks.blockBytes)
  }

  /** The position behind `position` by `steps` in the ring. */
  wrapped(position: number): number {
    return position < this.end ? position : this.first + ((position - this.first) % (this.end - this.first))
  }

  /** A block of the journal, good until the next call. */
  bytes(position: number): Buffer | null {
    const at = this.offsetOf(position)
    if (at === null) return null
    return this.#blocks.volume.readInto(this.#bytes, at) === this.#bytes.length ? this.#bytes : null
  }

  /** True where a block begins like the journal's own blocks. */
  isOwn(position: number): boolean {
    const at = this.offsetOf(position)
    return (
      at !== null && this.#blocks.volume.readInto(HEAD, at) === 4 && HEAD.readUInt32BE(0) === JOURNAL_MAGIC
    )
  }

  /** Parses a block of the journal itself; null for any other block. */
  parse(bytes: Buffer): JournalBlock | null {
    if (bytes.readUInt32BE(0) !== JOURNAL_MAGIC) return null
    const sequence = bytes.readUInt32BE(8)
    switch (bytes.readUInt32BE(4)) {
      case 1:
        return { type: 'descriptor', sequence, tags: this.#tags(bytes), sound: this.#tailAgrees(bytes) }
      case 2:
        return { type: 'commit', sequence, ...this.#commit(bytes) }
      case 5:
        return { type: 'revoke', sequence, blocks: this.#revoked(bytes), sound: this.#tailAgrees(bytes) }
      default:
        return null
    }
  }

  get #tailBytes(): number {
    return this.#checksums === 'v2' || this.#checksums === 'v3' ? 4 : 0
  }

  /** Bytes of a tag (fs/jbd2: journal_tag_bytes). */
  get #tagBytes(): number {
    if (this.#checksums === 'v3') return 16
    return 8 + (this.#checksums === 'v2' ? 2 : 0) + (this.#bits64 ? 4 : 0)
  }

  #tags(bytes: Buffer): Tag[] {
    const tags: Tag[] = []
    const v3 = this.#checksums === 'v3'
    const end = bytes.length - this.#tailBytes
    for (let at = 12; at + this.#tagBytes <= end; ) {
      const flags = v3 ? bytes.readUInt32BE(at + 4) : bytes.readUInt16BE(at + 6)
      const high = this.#bits64 ? bytes.readUInt32BE(at + 8) : 0
      tags.push({
        block: bytes.readUInt32BE(at) + high * 2 ** 32,
        escaped: (flags & TAG.escaped) !== 0,
        checksum: v3 ? bytes.readUInt32BE(at + 12) : bytes.readUInt16BE(at + 4),
      })
      at += this.#tagBytes + ((flags & TAG.sameUuid) !== 0 ? 0 : 16)
      if ((flags & TAG.last) !== 0) break
    }
    return tags
  }

  #revoked(bytes: Buffer): number[] {
    const used = Math.min(bytes.readUInt32BE(12), bytes.length - this.#tailBytes)
    const each = this.#bits64 ? 8 : 4
    const blocks: number[] = []
    for (let at = 16; at + each <= used; at += each) {
      blocks.push(
        this.#bits64 ? bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4) : bytes.readUInt32BE(at),
      )
    }
    return blocks
  }

  #commit(bytes: Buffer): { sound: boolean; checksum1: number | null } {
    const stated = bytes.readUInt32BE(16)
    if (this.#checksums === 'of-transactions') {
      const unused = bytes[12] === 0 && bytes[13] === 0 && stated === 0
      return { sound: true, checksum1: unused ? null : stated }
    }
    if (this.#tailBytes === 0) return { sound: true, checksum1: null }
    const without = Buffer.from(bytes)
    without.writeUInt32BE(0, 16)
    return { sound: crc32c(this.#seed, without) === stated, checksum1: null }
  }

  #tailAgrees(bytes: Buffer): boolean {
    if (this.#tailBytes === 0) return true
    const tail = bytes.length - 4
    return crc32c(crc32c(this.#seed, bytes.subarray(0, tail)), NO_CHECKSUM) === bytes.readUInt32BE(tail)
  }

  /** True where a data block, as stored in the journal, agrees with its tag; also where tags have no checksums. */
  dataAgrees(tag: Tag, sequence: number, bytes: Buffer): boolean {
    if (this.#tailBytes === 0) return true
    SEQUENCE.writeUInt32BE(sequence)
    const computed = crc32c(crc32c(this.#seed, SEQUENCE), bytes)
    return this.#checksums === 'v3' ? computed === tag.checksum : (computed & 0xffff) === tag.checksum
  }
}

function offsetOf(extents: readonly Extent[], logical: number, blockBytes: number): number | null {
  let low = 0
  let high = extents.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((extents[middle]?.logical ?? 0) <= logical) low = middle + 1
    else high = middle
  }
  const extent = extents[low - 1]
  if (extent?.state !== 'written' || logical >= extent.logical + extent.length) return null
  return (extent.block + (logical - extent.logical)) * blockBytes
}

const NO_CHECKSUM = Buffer.alloc(4)
const SEQUENCE = Buffer.alloc(4)
const HEAD = Buffer.alloc(4)
