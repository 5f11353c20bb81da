/** Volumes from an earlier checkpoint, where the newest has lost the structures that lead to their files. */
import { type Checkpoint, type Container, checkpointOf, type VolumeState } from './container.ts'
import { type Damaged, FileTree } from './file-tree.ts'

/** Damage of an earlier checkpoint is no damage of the newest. */
const GONE = (): void => {}

/** The volumes of a checkpoint in order; a volume with a lost superblock is taken from an earlier one. */
export function withLostVolumes(container: Container, checkpoint: Checkpoint): readonly VolumeState[] {
  const found = [...checkpoint.volumes]
  for (const number of checkpoint.lostVolumes) {
    const before = earlier(container, checkpoint, (volumes) => volumes.find((one) => one.number === number))
    if (before) found.push(before)
  }
  return found.sort((a, b) => a.number - b.number)
}

/** @param fromEarlier called when the tree comes from an earlier checkpoint */
export function treeOf(
  container: Container,
  checkpoint: Checkpoint,
  { superblock }: VolumeState,
  damaged: Damaged,
  fromEarlier: () => void,
): FileTree | null {
  const tree = FileTree.open(container.blocks, superblock, damaged)
  if (tree !== null) return tree
  const before = earlier(container, checkpoint, (volumes) => {
    const then = volumes.find((one) => one.superblock.uuid === superblock.uuid)?.superblock
    return then && !then.isEncrypted ? FileTree.open(container.blocks, then, GONE) : null
  })
  if (before) fromEarlier()
  return before ?? null
}

/** The first result among the earlier checkpoints, newest first. */
function earlier<T>(
  container: Container,
  { superblock: { transaction } }: Checkpoint,
  find: (volumes: readonly VolumeState[]) => T | null | undefined,
): T | null {
  for (const superblock of container.superblocks) {
    if (superblock.transaction >= transaction) continue
    const found = find(checkpointOf(container, superblock, GONE)?.volumes ?? [])
    if (found) return found
  }
  return null
}
