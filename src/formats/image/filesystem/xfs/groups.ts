/**
 * Groups of a volume: free space, and which inodes are in use.
 * @see Linux fs/xfs/libxfs/xfs_format.h, struct xfs_agf, xfs_agi, xfs_alloc_rec and xfs_inobt_rec
 */
import type { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import { checksumAgrees, INCOMPAT, type Superblock } from './superblock.ts'

/** Sixty-four inodes that were made together. */
export interface Chunk {
  /** Number of the first. */
  readonly first: number
  /** One bit an inode, the lowest for the first: it is not in use. */
  readonly free: bigint
  /** One bit an inode: it has no place on the volume. */
  readonly absent: bigint
}

const DEPTH_MOST = 9
const HEADER_BYTES = { 4: 16, 5: 56 } as const
const CHECKSUM_AT = 52
const CHUNK_INODES = 64

export class Groups {
  readonly #superblock: Superblock
  readonly #blocks: Blocks
  readonly #problems: ProblemLog

  constructor(superblock: Superblock, blocks: Blocks, problems: ProblemLog) {
    this.#superblock = superblock
    this.#blocks = blocks
    this.#problems = problems
  }

  /** Free ranges of a group [from, to), in blocks over the volume, in order; null: they cannot be read. */
  free(group: number): [number, number][] | null {
    const header = this.#header(group, 1, 'XAGF', 216)
    const ranges: [number, number][] = []
    const base = group * this.#superblock.groupBlocks
    const size = this.#blocksIn(group)
    let end = 0
    const sound =
      header !== null &&
      this.#tree(group, header.readUInt32BE(16), header.readUInt32BE(28), ['ABTB', 'AB3B'], 8, (leaf, at) => {
        const from = leaf.readUInt32BE(at)
        const to = from + leaf.readUInt32BE(at + 4)
        if (from < end || to <= from || to > size) return false
        ranges.push([base + from, base + to])
        end = to
        return true
      })
    if (sound) return ranges
    this.#problems.add('free-space-damaged', group)
    return null
  }

  /** Chunks of inodes of a group; where their tree is damaged, those that could be read. */
  chunks(group: number): { readonly chunks: readonly Chunk[]; readonly sound: boolean } {
    const { groupBlockBits, inodesPerBlockBits, incompat } = this.#superblock
    const header = this.#header(group, 2, 'XAGI', 312)
    const chunks: Chunk[] = []
    const base = group * 2 ** (groupBlockBits + inodesPerBlockBits)
    const most = this.#blocksIn(group) * 2 ** inodesPerBlockBits
    const isSparse = (incompat & INCOMPAT.sparseInodes) !== 0
    let end = 0
    const sound =
      header !== null &&
      this.#tree(group, header.readUInt32BE(20), header.readUInt32BE(24), ['IABT', 'IAB3'], 4, (leaf, at) => {
        const first = leaf.readUInt32BE(at)
        if (first < end || first >= most) return false
        end = first + CHUNK_INODES
        const absent = isSparse ? spread(leaf.readUInt16BE(at + 4)) : 0n
        chunks.push({ first: base + first, free: leaf.readBigUInt64BE(at + 8), absent })
        return true
      })
    if (!sound) this.#problems.add('inode-tree-damaged', group)
    return { chunks, sound }
  }

  #blocksIn(group: number): number {
    const { groupBlocks, blocks } = this.#superblock
    return Math.min(groupBlocks, blocks - group * groupBlocks)
  }

  /** @param sector of the group @param checksumAt offset of the checksum */
  #header(group: number, sector: number, magic: string, checksumAt: number): Buffer | null {
    const { groupBlocks, blockBytes, sectorBytes, version } = this.#superblock
    const bytes = this.#blocks.read(group * groupBlocks * blockBytes + sector * sectorBytes, sectorBytes)
    if (!bytes || bytes.toString('latin1', 0, 4) !== magic || bytes.readUInt32BE(8) !== group) return null
    if (version === 5 && !checksumAgrees(bytes, checksumAt))
      this.#problems.add('group-checksum', group, magic)
    return bytes
  }

  /**
   * Visits the records of a tree of short pointers in order.
   * @param keyBytes size of a key of its inner blocks; a pointer has four, a record of free space eight, one of inodes 16
   * @param visit false: the record cannot be one
   * @returns false when a part could not be read
   */
  #tree(
    group: number,
    root: number,
    levels: number,
    magics: readonly [string, string],
    keyBytes: number,
    visit: (leaf: Buffer, at: number) => boolean,
  ): boolean {
    const { version, blockBytes, groupBlocks } = this.#superblock
    const from = HEADER_BYTES[version]
    const recordBytes = keyBytes === 8 ? 8 : 16
    const visited = new Set<number>()
    const below = (block: number, level: number): boolean => {
      if (block >= groupBlocks || visited.has(block)) return false
      visited.add(block)
      const bytes = this.#blocks.read((group * groupBlocks + block) * blockBytes, blockBytes)
      if (!bytes || bytes.toString('latin1', 0, 4) !== magics[version === 5 ? 1 : 0]) return false
      if (bytes.readUInt16BE(4) !== level) return false
      if (version === 5 && !checksumAgrees(bytes, CHECKSUM_AT))
        this.#problems.add('group-checksum', group, magics[1])
      const count = bytes.readUInt16BE(6)
      const most = Math.floor((blockBytes - from) / (level === 0 ? recordBytes : keyBytes + 4))
      if (count > most) return false
      let sound = true
      for (let i = 0; i < count; i++) {
        const isRead =
          level === 0
            ? visit(bytes, from + i * recordBytes)
            : below(bytes.readUInt32BE(from + most * keyBytes + i * 4), level - 1)
        sound &&= isRead
      }
      return sound
    }
    return levels >= 1 && levels <= DEPTH_MOST && below(root, levels - 1)
  }
}

/** Each of 16 bits stands for four inodes. */
function spread(holes: number): bigint {
  let mask = 0n
  for (let bit = 0; bit < 16; bit++) if ((holes & (1 << bit)) !== 0) mask |= 15n << BigInt(bit * 4)
  return mask
}
