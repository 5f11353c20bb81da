/**
 * Class of each byte of the volume, and free space.
 *
 * The block bitmap gives the blocks in use; files give the bytes of contents among them. Blocks of a live file that the
 * bitmap calls free count as in use, so that no deleted content is read from them.
 */
import type { ByteRange, VolumeClasses } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Groups } from './groups.ts'
import type { Layout } from './runs.ts'

export class Usage {
  readonly #groups: Groups
  readonly #problems: ProblemLog
  readonly #volumeBytes: number
  /** Clusters of live files that the bitmap calls free. */
  readonly #unmarked = new BitPages()
  #unmarkedClusters = 0
  #contents = 0
  #slack = 0
  #bad = 0

  constructor(groups: Groups, volumeBytes: number, problems: ProblemLog) {
    this.#groups = groups
    this.#volumeBytes = volumeBytes
    this.#problems = problems
  }

  get #clusterBytes(): number {
    const { blockBytes, clusterBlocks } = this.#groups.superblock
    return blockBytes * clusterBlocks
  }

  /** Counts a live content once. */
  content(inode: number, layout: Layout, sizeBytes: number): void {
    const { blockBytes } = this.#groups.superblock
    let contents = 0
    let clusters = 0
    let last = -1
    for (const extent of layout.extents) {
      if (extent.state === 'damaged') continue
      const [first, end] = this.#clustersOf(extent.block, extent.length)
      clusters += end - first - (first === last ? 1 : 0)
      last = end - 1
      if (extent.state === 'written') {
        const from = extent.logical * blockBytes
        contents += Math.max(0, Math.min(extent.length * blockBytes, sizeBytes - from))
      }
      this.#claim(inode, first, end)
    }
    this.#contents += contents
    this.#slack += clusters * this.#clusterBytes - contents
  }

  /** Blocks of a live directory: metadata, and in use even where the bitmap says free. */
  directory(inode: number, layout: Layout): void {
    for (const extent of layout.extents) {
      if (extent.state !== 'damaged') this.#claim(inode, ...this.#clustersOf(extent.block, extent.length))
    }
  }

  /** Blocks that an inode of the file system lists as bad. */
  badBlocks(layout: Layout): void {
    for (const extent of layout.extents) {
      if (extent.state === 'written') this.#bad += extent.length * this.#groups.superblock.blockBytes
    }
  }

  /** First cluster and the one behind the last, counted over the volume. */
  #clustersOf(block: number, blocks: number): [number, number] {
    const { firstDataBlock, clusterBlocks } = this.#groups.superblock
    const at = block - firstDataBlock
    return [Math.floor(at / clusterBlocks), Math.ceil((at + blocks) / clusterBlocks)]
  }

  #claim(inode: number, first: number, end: number): void {
    if (this.#free(first, end) === 0) return
    this.#problems.add('blocks-not-marked-in-use', inode)
    for (let cluster = first; cluster < end; cluster++) {
      if (this.#isFree(cluster) && this.#unmarked.add(cluster)) this.#unmarkedClusters += 1
    }
  }

  /** Number of free blocks in a range, and whether the bitmaps are trustworthy. */
  freeBlocks(block: number, blocks: number): { free: number; sound: boolean } {
    const { clusterBlocks, clustersPerGroup } = this.#groups.superblock
    const [first, end] = this.#clustersOf(block, blocks)
    let free = this.#free(first, end)
    let sound = true
    for (let at = first; at < end; at += clustersPerGroup - (at % clustersPerGroup)) {
      sound &&= this.#groups.bitmap(Math.floor(at / clustersPerGroup)).sound
    }
    if (this.#unmarkedClusters > 0) {
      for (let cluster = first; cluster < end; cluster++) {
        if (this.#unmarked.has(cluster) && this.#isFree(cluster)) free -= 1
      }
    }
    return { free: free === end - first ? blocks : Math.min(blocks, free * clusterBlocks), sound }
  }

  #isFree(cluster: number): boolean {
    const { clustersPerGroup } = this.#groups.superblock
    const { bitmap } = this.#groups.bitmap(Math.floor(cluster / clustersPerGroup))
    const bit = cluster % clustersPerGroup
    return ((bitmap[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0
  }

  /** Clusters in [first, end) that the bitmap calls free. */
  #free(first: number, end: number): number {
    const { clustersPerGroup } = this.#groups.superblock
    let free = 0
    for (let at = first; at < end; ) {
      const group = Math.floor(at / clustersPerGroup)
      const { bitmap } = this.#groups.bitmap(group)
      const from = at - group * clustersPerGroup
      const to = Math.min(clustersPerGroup, end - group * clustersPerGroup)
      free += clearBits(bitmap, from, to)
      at += to - from
    }
    return free
  }

  /** Free ranges in order, merged; bytes behind the file system belong to them. */
  *unallocated(): Generator<ByteRange> {
    const { firstDataBlock, blockBytes, clustersPerGroup, groups, blocks } = this.#groups.superblock
    const origin = firstDataBlock * blockBytes
    const end = Math.min(blocks * blockBytes, this.#volumeBytes)
    let open: { offset: number; end: number } | null = null
    for (let group = 0; group < groups; group++) {
      const { bitmap } = this.#groups.bitmap(group)
      for (const [from, to] of clearStretches(bitmap, this.#groups.clusters(group))) {
        for (const [first, last] of this.#without(
          group * clustersPerGroup + from,
          group * clustersPerGroup + to,
        )) {
          const offset = origin + first * this.#clusterBytes
          const until = Math.min(end, origin + last * this.#clusterBytes)
          if (offset >= until) continue
          if (open && open.end === offset) {
            open.end = until
            continue
          }
          if (open) yield { offset: open.offset, length: open.end - open.offset }
          open = { offset, end: until }
        }
      }
    }
    if (open && this.#volumeBytes > end && open.end === end) open.end = this.#volumeBytes
    else if (this.#volumeBytes > end) {
      if (open) yield { offset: open.offset, length: open.end - open.offset }
      open = { offset: end, end: this.#volumeBytes }
    }
    if (open) yield { offset: open.offset, length: open.end - open.offset }
  }

  /** A free range without the clusters that live files use in it. */
  *#without(first: number, end: number): Generator<[number, number]> {
    if (this.#unmarkedClusters === 0) {
      yield [first, end]
      return
    }
    let from = first
    for (let cluster = first; cluster < end; cluster++) {
      if (!this.#unmarked.has(cluster)) continue
      if (cluster > from) yield [from, cluster]
      from = cluster + 1
    }
    if (end > from) yield [from, end]
  }

  classes(): VolumeClasses {
    let unallocated = 0
    for (const range of this.unallocated()) unallocated += range.length
    const inUse = this.#volumeBytes - unallocated
    // Files of a damaged volume can claim the same blocks twice; the sum stays that of the volume.
    const bad = Math.min(this.#bad, inUse)
    const allocated = Math.min(this.#contents, inUse - bad)
    const slack = Math.min(this.#slack, inUse - bad - allocated)
    return { metadata: inUse - bad - allocated - slack, allocated, unallocated, slack, bad }
  }
}

function clearBits(bitmap: Buffer, from: number, to: number): number {
  let clear = 0
  for (let bit = from; bit < to; ) {
    if ((bit & 7) === 0 && to - bit >= 8) {
      const byte = bitmap[bit >>> 3] ?? 0
      if (byte === 0xff) {
        bit += 8
        continue
      }
    }
    if (((bitmap[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) clear += 1
    bit += 1
  }
  return clear
}

function* clearStretches(bitmap: Buffer, bits: number): Generator<[number, number]> {
  let from = -1
  for (let bit = 0; bit < bits; bit++) {
    const byte = bitmap[bit >>> 3] ?? 0
    if ((bit & 7) === 0 && bits - bit >= 8 && ((byte === 0xff && from < 0) || (byte === 0 && from >= 0))) {
      bit += 7
      continue
    }
    const clear = (byte & (1 << (bit & 7))) === 0
    if (clear && from < 0) from = bit
    if (!clear && from >= 0) {
      yield [from, bit]
      from = -1
    }
  }
  if (from >= 0) yield [from, bits]
}
