/**
 * APFS: each volume of a container is a folder with the volume's name; an encrypted volume that no key opened is named and not read.
 *
 * @see Apple, "Apple File System Reference" (2020)
 */
import type { FileSystem, FileSystemFormat, VolumeEntry } from '../../../../contracts/image.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import {
  type Checkpoint,
  type Container,
  checkpointOf,
  ephemeralObjects,
  hasCopy,
  isContainer,
  openContainer,
} from './container.ts'
import { partsOf } from './content.ts'
import { deletedFiles, type OpenVolume, Versions } from './deleted.ts'
import { asListed, earlierFiles } from './earlier-files.ts'
import { type Damaged, isReadable } from './file-tree.ts'
import { treeOf, withLostVolumes } from './rescue.ts'
import { type Snapshot, snapshotsOf, snapshotTree } from './snapshots.ts'
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

/** Recognised by a superblock further in, where the first block is overwritten. */
export const APFS_BY_COPY: FileSystemFormat = { ...APFS, recognises: hasCopy }

function openApfs(container: Container): FileSystem {
  const { blocks } = container
  const problems = new ProblemLog()
  const checkpoint = newest(container, problems)
  const { superblock } = checkpoint
  const volumes = withLostVolumes(container, checkpoint)
  const statedBytes = superblock.blocks * blocks.blockBytes
  if (container.isFromCopy) problems.add('superblock-from-copy', null)
  if (container.isInPieces) problems.add('checkpoints-in-pieces', null)
  if (statedBytes > blocks.medium.sizeBytes)
    problems.add('volume-cut', null, `${statedBytes - blocks.medium.sizeBytes}`)
  for (const number of checkpoint.lostVolumes) problems.add('volume-superblock-damaged', number)
  const folders = foldersOf(volumes)
  const closed = new Set(
    volumes.flatMap(({ number, superblock: one }) =>
      one.isEncrypted && !isReadable(blocks, one) ? [number] : [],
    ),
  )
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
    stated: statedOf(checkpoint, volumes, blocks),
    isPartEncrypted: closed.size > 0,
    *entries() {
      const used = spaceOf()
      const open: OpenVolume[] = []
      const given = new Versions()
      for (const [index, state] of volumes.entries()) {
        const folder = folders[index] as Buffer
        if (closed.has(state.number)) {
          used.encrypted(state.superblock.allocatedBlocks)
          yield closedVolume(state, folder, blocks.blockBytes)
          continue
        }
        const damaged: Damaged = (what, reference) => problems.add(`${what}-damaged`, reference)
        const tree = treeOf(container, checkpoint, state, damaged, () =>
          problems.add('volume-from-checkpoint', state.number),
        )
        if (tree === null) {
          problems.add('tree-damaged', state.number)
          continue
        }
        const problem = (code: string, record: number): void => problems.add(code, record)
        yield* walk({ blocks, tree, space: used, folder, problem })
        open.push({ tree, folder })
        yield* ofSnapshots(blocks, { tree, folder }, used, given, damaged)
      }
      used.settle()
      const unsought = (offset: number): void => problems.add('free-leaves-not-sought', offset)
      yield* deletedFiles(container, superblock.transaction, open, used, given, unsought)
      if (given.isFull || given.hasLetGo) problems.add('deleted-limit', null)
    },
    problems: () => problems.all(),
    classes: () => spaceOf().classes(),
    unallocated: () => spaceOf().unallocated(),
  }
}

/** From the newest snapshot back: files that equal those of the next snapshot, or today's, are left out. */
function* ofSnapshots(
  blocks: Blocks,
  { tree: now, folder }: OpenVolume,
  space: Space,
  given: Versions,
  damaged: Damaged,
): Generator<VolumeEntry, void, undefined> {
  const snapshots = snapshotsOf(blocks, now.superblock, damaged)
  let next = now
  for (let index = snapshots.length - 1; index >= 0; index--) {
    const snapshot = snapshots[index] as Snapshot
    const tree = snapshotTree(blocks, now.superblock, snapshot, damaged)
    if (tree === null) {
      damaged('snapshot', index + 1)
      continue
    }
    const state = {
      tree,
      folder: [folder, Buffer.from(`$Snapshot-${index + 1}`)],
      basis: 'snapshot',
    } as const
    for (const file of earlierFiles(blocks, state, next === now ? [now] : [next, now])) {
      given.add(Versions.timed(file, now.superblock.uuid))
      given.add(Versions.of(file, now.superblock.uuid))
      for (const part of partsOf(file.content)) space.content(part.layout, part.sizeBytes)
      yield* asListed(file, 'deleted', 'snapshot')
    }
    next = tree
  }
}

/** The newest checkpoint with a readable object map. */
function newest(container: Container, problems: ProblemLog): Checkpoint {
  for (const superblock of container.superblocks) {
    const checkpoint = checkpointOf(container, superblock, (block) => problems.add('map-node-damaged', block))
    if (checkpoint !== null) return checkpoint
    problems.add('checkpoint-damaged', superblock.transaction)
  }
  throw new NotThisFileSystem('object-map-damaged', 'no map of objects of this container of APFS can be read')
}
