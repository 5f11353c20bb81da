/** Snapshots of a volume, and the file tree of each. */
import { u64 } from '../../content/read-at.ts'
import { type Blocks, OBJECT } from './blocks.ts'
import { BTree } from './btree.ts'
import { keyed } from './file-id.ts'
import { type Damaged, FileTree, sayingSo } from './file-tree.ts'
import { physicalNode } from './object-map.ts'
import { RECORD } from './records.ts'
import { type VolumeSuperblock, volumeSuperblock } from './superblocks.ts'

const SNAPSHOTS_MOST = 1000

export interface Snapshot {
  readonly transaction: number
  readonly superblock: number
  readonly createdNs: bigint
  readonly name: Buffer
}

/** Oldest first. */
export function snapshotsOf(blocks: Blocks, superblock: VolumeSuperblock, damaged: Damaged): Snapshot[] {
  if (superblock.snapshots === 0) return []
  const nodes = (block: number) => physicalNode(blocks, block, OBJECT.snapshots, null, superblock.transaction)
  const found: Snapshot[] = []
  for (const record of new BTree(superblock.snapshotTree, sayingSo(nodes, damaged)).all()) {
    const { id, type } = keyed(record.key)
    const { value } = record
    if (type !== RECORD.snapshot) continue
    if (found.length >= SNAPSHOTS_MOST) damaged('snapshot', id)
    else if (value.length < 50) damaged('record', id)
    else
      found.push({
        transaction: id,
        superblock: u64(value, 8),
        createdNs: value.readBigInt64LE(16),
        name: Buffer.from(value.subarray(50, 50 + Math.max(0, value.readUInt16LE(48) - 1))),
      })
  }
  return found
}

/** @returns null where it cannot be read */
export function snapshotTree(
  blocks: Blocks,
  volume: VolumeSuperblock,
  snapshot: Snapshot,
  damaged: Damaged,
): FileTree | null {
  const bytes = blocks.object(snapshot.superblock, OBJECT.volume)
  const superblock = bytes === null ? null : volumeSuperblock(bytes)
  if (superblock === null || superblock.uuid !== volume.uuid) return null
  // All share the one map of objects of the volume.
  const { objectMap, transaction } = volume
  return FileTree.open(
    blocks,
    { ...superblock, objectMap, transaction: snapshot.transaction },
    damaged,
    transaction,
  )
}
