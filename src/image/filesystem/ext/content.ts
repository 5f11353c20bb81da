/** Where the content of an inode lies, as the contract says it, with the layout that it came from. */
import type { ContentPlace } from '../../../contracts/image.ts'
import type { Blocks } from './blocks.ts'
import { INODE_FLAG, type Inode } from './inode.ts'
import { inlineData, type Layout, layoutOf, runsOf, type TreeReader } from './runs.ts'
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

  const held = inlineData(superblock, inode) ?? fastTarget(superblock, inode)
  const encrypted = has(inode.flags, INODE_FLAG.encrypted)
  if (held) {
    if (encrypted) return none('encrypted', 'fscrypt')
    const bytes = held.subarray(0, sizeBytes)
    const place = { kind: 'resident', base64: bytes.toString('base64') } as const
    return { place, sizeBytes, linkTarget: targetOf(inode, bytes), layout: null, notes }
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

/** A symlink's target that stands where its blocks would (fs/ext4: ext4_inode_is_fast_symlink). */
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
