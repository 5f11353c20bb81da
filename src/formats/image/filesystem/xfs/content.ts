/** Place of an inode's content in the form of the contract, with its layout. */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import type { Blocks } from './blocks.ts'
import { type Layout, layoutOf, runsOf } from './extents.ts'
import type { Inode } from './inode.ts'
import type { Superblock } from './superblock.ts'

export interface Content {
  readonly place: ContentPlace
  readonly sizeBytes: number
  readonly linkTarget: Buffer | null
  /** Null for contents without blocks of their own. */
  readonly layout: Layout | null
  readonly notes: readonly string[]
}

export const EMPTY: ContentPlace = { kind: 'runs', runs: [], validBytes: 0 }
/** Longest target that a kernel follows (XFS_SYMLINK_MAXLEN). */
const TARGET_BYTES_MOST = 1024
/** Header of each block of a target, where blocks have checksums. */
const TARGET_HEADER_BYTES = 56

export function contentOf(superblock: Superblock, blocks: Blocks, inode: Inode): Content {
  const notes = inode.checksumAgrees ? [] : ['inode-checksum']
  const { sizeBytes, form } = inode
  const plain = { sizeBytes, linkTarget: null, layout: null, notes }
  const none = (reason: string, detail: string): Content => ({
    ...plain,
    place: { kind: 'none', reason, detail },
  })
  if (inode.kind !== 'file' && inode.kind !== 'symlink')
    return { ...plain, place: EMPTY, sizeBytes: inode.kind === 'directory' ? Math.max(0, sizeBytes) : 0 }
  if (sizeBytes < 0) return { ...none('damaged', 'size-implausible'), sizeBytes: 0 }
  if (inode.isRealtime) return none('not-built', 'xfs-realtime')
  if (form === 'local') {
    const held = inode.fork.subarray(0, sizeBytes)
    if (inode.kind === 'symlink') return { ...plain, place: EMPTY, linkTarget: Buffer.from(held) }
    if (held.length < sizeBytes) return none('damaged', 'size-implausible')
    return {
      ...plain,
      place: { kind: 'runs', runs: [{ offset: inode.forkAt, length: sizeBytes }], validBytes: sizeBytes },
    }
  }
  const layout = layoutOf(superblock, blocks, inode)
  const withLayout = { ...plain, layout, notes: [...notes, ...layout.problems] }
  if (inode.kind === 'symlink')
    return { ...withLayout, place: EMPTY, linkTarget: storedTarget(superblock, blocks, layout, sizeBytes) }
  // A hole would be claimed where extents are lost.
  if (layout.problems.has('extents-damaged') || layout.problems.has('runs-too-many')) {
    const [detail] = [...layout.problems]
    return { ...withLayout, place: { kind: 'none', reason: 'damaged', detail: detail! } }
  }
  const runs = runsOf(superblock, layout.extents, sizeBytes)
  return { ...withLayout, place: { kind: 'runs', runs, validBytes: sizeBytes } }
}

function storedTarget(
  { blockBytes, version }: Superblock,
  blocks: Blocks,
  { extents }: Layout,
  sizeBytes: number,
): Buffer | null {
  if (sizeBytes > TARGET_BYTES_MOST) return null
  const header = version === 5 ? TARGET_HEADER_BYTES : 0
  const parts: Buffer[] = []
  for (const { block, length } of extents) {
    for (let index = 0; index < length && index * blockBytes < TARGET_BYTES_MOST; index++) {
      const bytes = blocks.read((block + index) * blockBytes, blockBytes)
      if (bytes) parts.push(bytes.subarray(header))
    }
  }
  const target = Buffer.concat(parts).subarray(0, sizeBytes)
  return target.length === sizeBytes ? target : null
}
