/** Place of an inode's content in the form of the contract, with its layout. */
import type { ContentPlace, DataRun } from '../../../../contracts/content-place.ts'
import type { Blocks } from './blocks.ts'
import { INODE_FLAG, type Inode } from './inode.ts'
import { inlineData, inlineParts, type Layout, layoutOf, runsOf, type TreeReader } from './runs.ts'
import { has, INCOMPAT, type Superblock } from './superblock.ts'

export interface Content {
  readonly place: ContentPlace
  readonly sizeBytes: number
  readonly linkTarget: Buffer | null
  /** Null for contents without blocks of their own. */
  readonly layout: Layout | null
  readonly notes: readonly string[]
}

export const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }
/** Longest target that a kernel follows (PATH_MAX). */
const TARGET_BYTES_MOST = 4096
/** Inodes with fewer bytes than this keep a symlink's target in place of their blocks. */
const AREA_BYTES = 60
const COMPRESSED_BLOCKS = 0x200

export function contentOf(superblock: Superblock, blocks: Blocks, inode: Inode, read: TreeReader): Content {
  const notes = inode.checksumAgrees ? [] : ['inode-checksum']
  // No block number has more than 32 bits inside a content (fs/ext4: EXT_MAX_BLOCKS).
  const most = 2 ** 32 * superblock.blockBytes
  const { sizeBytes } = inode
  const none = (reason: string, detail: string): Content => ({
    place: { kind: 'none', reason, detail },
    sizeBytes,
    linkTarget: null,
    layout: null,
    notes,
  })
  if (inode.kind === 'directory') return { ...none('', ''), place: EMPTY }
  if (inode.kind !== 'file' && inode.kind !== 'symlink')
    return { ...none('', ''), place: EMPTY, sizeBytes: 0 }
  if (sizeBytes > most) return none('damaged', 'size-implausible')

  const inline = inlineData(superblock, inode)
  const held = inline ?? fastTarget(superblock, inode)
  const encrypted = has(inode.flags, INODE_FLAG.encrypted)
  if (held) {
    if (encrypted) return none('encrypted', 'fscrypt')
    const bytes = held.subarray(0, sizeBytes)
    const linkTarget = targetOf(inode, bytes)
    if (!inline || linkTarget) return { place: EMPTY, sizeBytes, linkTarget, layout: null, notes }
    const runs = inlineRuns(superblock, inode)
    if (!runs) return none('not-built', 'inline-replayed')
    return {
      place: { kind: 'runs', runs, validBytes: sizeBytes },
      sizeBytes,
      linkTarget,
      layout: null,
      notes,
    }
  }

  const layout = layoutOf(superblock, inode, read)
  const withLayout = { layout, notes: [...notes, ...layout.problems] }
  if (encrypted) return { ...none('encrypted', 'fscrypt'), ...withLayout }
  if (has(superblock.incompat, INCOMPAT.compression) && has(inode.flags, COMPRESSED_BLOCKS)) {
    return { ...none('not-built', 'e2compr'), ...withLayout }
  }
  if (layout.problems.includes('runs-too-many')) return { ...none('damaged', 'runs-too-many'), ...withLayout }
  const runs = blocks.throughReplay(runsOf(superblock, layout, sizeBytes, blocks.volume.sizeBytes))
  const linkTarget = inode.kind === 'symlink' ? storedTarget(blocks, layout, sizeBytes) : null
  return { place: { kind: 'runs', runs, validBytes: sizeBytes }, sizeBytes, linkTarget, ...withLayout }
}

/** Place of an inline content on the volume; null for an inode whose slot has no place. */
function inlineRuns(superblock: Superblock, inode: Inode): DataRun[] | null {
  const { slotAt, sizeBytes } = inode
  if (slotAt === null) return null
  const runs: DataRun[] = []
  let left = sizeBytes
  for (const { offset, length } of inlineParts(superblock, inode) ?? []) {
    if (left > 0 && length > 0) runs.push({ offset: slotAt + offset, length: Math.min(left, length) })
    left -= length
  }
  return runs
}

/** A symlink's target in place of its block pointers (fs/ext4: ext4_inode_is_fast_symlink). */
function fastTarget(superblock: Superblock, inode: Inode): Buffer | null {
  if (inode.kind !== 'symlink' || inode.sizeBytes === 0 || inode.sizeBytes >= AREA_BYTES) return null
  if (has(inode.flags, INODE_FLAG.extents)) return null
  const attributes = inode.attributeBlock === 0 ? 0 : superblock.blockBytes * superblock.clusterBlocks
  return inode.allocatedBytes > attributes ? null : inode.raw.subarray(40, 40 + inode.sizeBytes)
}

function storedTarget(blocks: Blocks, layout: Layout, sizeBytes: number): Buffer | null {
  const first = layout.extents[0]
  if (first?.logical !== 0 || first.state !== 'written' || sizeBytes > TARGET_BYTES_MOST) return null
  const bytes: Buffer[] = []
  for (let index = 0; index * blocks.blockBytes < sizeBytes && index < first.length; index++) {
    bytes.push(blocks.read(first.block + index) ?? Buffer.alloc(blocks.blockBytes))
  }
  const target = Buffer.concat(bytes).subarray(0, sizeBytes)
  return target.length === sizeBytes ? Buffer.from(target) : null
}

const targetOf = (inode: Inode, bytes: Buffer): Buffer | null =>
  inode.kind === 'symlink' ? Buffer.from(bytes) : null
