/**
 * A volume of XFS: its live files, then inodes without a name, then removed files.
 *
 * The log of a volume that was not unmounted is replayed in memory first.
 */
import type {
  FileSystem,
  FileSystemFormat,
  Medium,
  StatedField,
  VolumeEntry,
} from '../../../../contracts/image.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import { ClusterTally } from '../clusters/tally.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { ProblemLog } from '../common/problem-log.ts'
import { Blocks } from './blocks.ts'
import { removed, unnamed } from './deleted.ts'
import { type Chunk, Groups } from './groups.ts'
import { readInode } from './inode.ts'
import { type LogState, replayLog } from './replay.ts'
import { INCOMPAT, looksLikeXfs, readSuperblock, type Superblock } from './superblock.ts'
import { Tree, type Volume } from './tree.ts'

export const XFS: FileSystemFormat = { name: 'xfs', recognises: looksLikeXfs, open: openXfs }

/** @throws NotThisFileSystem when the superblock cannot be used */
function openXfs(volume: Medium): FileSystem {
  const found = readSuperblock(volume, 0)
  if ('unusable' in found)
    throw new NotThisFileSystem(
      found.unusable === 'features-unknown' ? 'version-unknown' : 'superblock-damaged',
      `the superblock of XFS cannot be used (${found.unusable})`,
    )
  const { superblock } = found
  const problems = new ProblemLog()
  const { blockBytes, blocks: count } = superblock
  if (!found.agrees) problems.add('superblock-checksum', null)
  if ((superblock.incompat & INCOMPAT.needsRepair) !== 0) problems.add('needs-repair', null)
  if (count * blockBytes > volume.sizeBytes)
    problems.add('volume-shorter', null, `${count * blockBytes} ${volume.sizeBytes}`)
  const { state, sectors } = replayLog(superblock, volume, problems)
  const blocks = new Blocks(volume, problems, sectors)
  const clusters = Math.min(count, Math.floor(volume.sizeBytes / blockBytes))
  const tally = new ClusterTally({ origin: 0, clusterBytes: blockBytes, clusters })
  return {
    kind: 'xfs',
    label: superblock.label,
    uuid: superblock.uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    clusterBytes: blockBytes,
    stated: stated(superblock, state),
    entries: () => entriesOf({ superblock, blocks, tally, problems }, clusters),
    problems: () => problems.all(),
    classes: () => tally.classes(volume.sizeBytes),
    unallocated: () => tally.unallocated(),
  }
}

function* entriesOf(volume: Volume, clusters: number): Generator<VolumeEntry> {
  const { superblock, blocks, tally, problems } = volume
  const tree = new Tree(volume)
  const root = readInode(superblock, blocks, superblock.rootInode)
  if (root?.kind === 'directory') {
    tree.named.add(root.number)
    yield* tree.below({ inode: root, path: [] }, 'live')
  } else problems.add('root-damaged', superblock.rootInode)
  const groups = new Groups(superblock, blocks, problems)
  const chunks: Chunk[] = []
  const unsound = new Set<number>()
  for (let group = 0; group < superblock.groups; group++) {
    const found = groups.chunks(group)
    for (const chunk of found.chunks) chunks.push(chunk)
    if (!found.sound) unsound.add(group)
  }
  yield* unnamed(volume, chunks, tree)
  settle(superblock, groups, tally, problems, clusters, unsound)
  yield* removed(volume, chunks, tree)
}

/** What is in use and has no owner is structure where all inodes of its group were asked. */
function settle(
  { groups: count, groupBlocks, blocks, blockBytes }: Superblock,
  groups: Groups,
  tally: ClusterTally,
  problems: ProblemLog,
  clusters: number,
  unsound: ReadonlySet<number>,
): void {
  const marked = new ClusterSet(clusters)
  for (let group = 0; group < count; group++) {
    let from = group * groupBlocks
    const end = Math.min(from + groupBlocks, blocks)
    for (const [free, to] of [...(groups.free(group) ?? []), [end, end] as const]) {
      const until = Math.min(clusters, free)
      if (until > from) {
        marked.add(from, until)
        if (unsound.size === 0)
          tally.metadata([{ offset: from * blockBytes, length: (until - from) * blockBytes }])
      }
      from = to
    }
  }
  const { unmarked } = tally.settle(marked)
  if (unmarked > 0) problems.add('blocks-not-marked-in-use', null, `${unmarked}`)
}

function stated(superblock: Superblock, log: LogState): StatedField[] {
  const hex = (features: number) => `0x${(features >>> 0).toString(16)}`
  return [
    { name: 'version', value: `${superblock.version}` },
    { name: 'features', value: [superblock.incompat, superblock.roCompat].map(hex).join(' ') },
    { name: 'inodes', value: `${superblock.stated.inodes}` },
    { name: 'free-blocks', value: `${superblock.stated.freeBlocks}` },
    { name: 'log', value: log },
  ]
}
