/**
 * APFS: the volumes of a container, each a folder that is called as it is; what is encrypted is named and not read.
 *
 * @see Apple, "Apple File System Reference" (2020)
 */
import type { FileSystem, FileSystemFormat } from '../../../contracts/image.ts'
import { ProblemLog } from '../ext/problem-log.ts'
import { NotThisFileSystem } from '../not-this-file-system.ts'
import {
  type Checkpoint,
  type Container,
  checkpointOf,
  ephemeralObjects,
  hasCopy,
  isContainer,
  openContainer,
} from './container.ts'
import { FileTree } from './file-tree.ts'
import { Space } from './space.ts'
import { closedVolume, foldersOf, statedOf } from './stated.ts'
import { walk } from './walk.ts'

export const APFS: FileSystemFormat = {
  name: 'apfs',
  recognises: isContainer,
  open(volume) {
    const container = openContainer(volume)
    if (container === null)
      throw new NotThisFileSystem('superblock-damaged', 'no superblock of this container of APFS can be read')
    return openApfs(container)
  },
}

/** By a superblock further in, where the first block holds something else. */
export const APFS_BY_COPY: FileSystemFormat = { ...APFS, recognises: hasCopy }

function openApfs(container: Container): FileSystem {
  const { blocks } = container
  const problems = new ProblemLog()
  const checkpoint = newest(container, problems)
  const { superblock, volumes } = checkpoint
  const statedBytes = superblock.blocks * blocks.blockBytes
  if (container.isFromCopy) problems.add('superblock-from-copy', null)
  if (statedBytes > blocks.medium.sizeBytes)
    problems.add('volume-cut', null, `${statedBytes - blocks.medium.sizeBytes}`)
  for (const number of checkpoint.lostVolumes) problems.add('volume-superblock-damaged', number)
  const folders = foldersOf(volumes)
  let space: Space | null = null
  const spaceOf = (): Space =>
    (space ??= new Space(
      blocks,
      ephemeralObjects(container, superblock),
      superblock.spaceManager,
      (code, record) => problems.add(code, record),
    ))

  return {
    kind: 'apfs',
    label: volumes.map(({ superblock: { name } }) => name.toString('utf8')).join(', '),
    uuid: superblock.uuid,
    clusterBytes: blocks.blockBytes,
    stated: statedOf(checkpoint, blocks),
    isPartEncrypted: volumes.some(({ superblock: { isEncrypted } }) => isEncrypted),
    *entries() {
      const used = spaceOf()
      for (const [index, state] of volumes.entries()) {
        const folder = folders[index] as Buffer
        if (state.superblock.snapshots > 0) problems.add('snapshots-not-listed', state.number)
        if (state.superblock.isEncrypted) {
          used.encrypted(state.superblock.allocatedBlocks)
          yield closedVolume(state, folder, blocks.blockBytes)
          continue
        }
        const tree = FileTree.open(blocks, state.superblock, (what, reference) =>
          problems.add(`${what}-damaged`, reference),
        )
        if (tree === null) problems.add('tree-damaged', state.number)
        else
          yield* walk({
            blocks,
            tree,
            space: used,
            folder,
            problem: (code, record) => problems.add(code, record),
          })
      }
      used.settle()
    },
    problems: () => problems.all(),
    classes: () => spaceOf().classes(),
    unallocated: () => spaceOf().unallocated(),
  }
}

/** The newest checkpoint whose map of objects can be read. */
function newest(container: Container, problems: ProblemLog): Checkpoint {
  for (const superblock of container.superblocks) {
    const checkpoint = checkpointOf(container, superblock, (block) => problems.add('map-node-damaged', block))
    if (checkpoint !== null) return checkpoint
    problems.add('checkpoint-damaged', superblock.transaction)
  }
  throw new NotThisFileSystem('object-map-damaged', 'no map of objects of this container of APFS can be read')
}
