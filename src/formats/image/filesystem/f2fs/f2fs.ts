/**
 * A volume of F2FS, as telephones have it: its files by the newest checkpoint.
 *
 * Contents and names of most telephones are encrypted by file (`fscrypt`): they are listed and named so. Not read:
 * changes after the checkpoint (`journal-not-replayed`), contents that the file system compressed, removed files.
 */
import type { FileSystem, FileSystemFormat, Medium, VolumeEntry } from '../../../../contracts/image.ts'
import { ClusterSet } from '../clusters/cluster-set.ts'
import { ClusterTally } from '../clusters/tally.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { ProblemLog } from '../common/problem-log.ts'
import { FLAG, isSet, looksLikeF2fs, readCheckpoint, readSuperblock, type Superblock } from './superblock.ts'
import { Tables } from './tables.ts'
import { type Volume, Walk } from './walk.ts'

export const F2FS: FileSystemFormat = { name: 'f2fs', recognises: looksLikeF2fs, open: openF2fs }

/** @throws NotThisFileSystem when superblock or checkpoint cannot be used */
function openF2fs(medium: Medium): FileSystem {
  const superblock = readSuperblock(medium)
  if (typeof superblock === 'string')
    throw new NotThisFileSystem('superblock-damaged', `the superblock of F2FS cannot be used (${superblock})`)
  const checkpoint = readCheckpoint(superblock, medium)
  if (!checkpoint) throw new NotThisFileSystem('checkpoint-damaged', 'no checkpoint of F2FS is whole')
  const { blockBytes, blocks } = superblock
  const problems = new ProblemLog()
  if (superblock.fromCopy) problems.add('superblock-from-copy', null)
  if (blocks * blockBytes > medium.sizeBytes)
    problems.add('volume-shorter', null, `${blocks * blockBytes} ${medium.sizeBytes}`)
  if ((checkpoint.flags & FLAG.unmounted) === 0) problems.add('journal-not-replayed', null)
  if ((checkpoint.flags & FLAG.error) !== 0) problems.add('needs-repair', null)
  const clusters = Math.min(blocks, Math.floor(medium.sizeBytes / blockBytes))
  const tally = new ClusterTally({ origin: 0, clusterBytes: blockBytes, clusters })
  const tables = new Tables(superblock, checkpoint, medium)
  return {
    kind: 'f2fs',
    label: superblock.label,
    uuid: superblock.uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    clusterBytes: blockBytes,
    stated: [
      { name: 'checkpoint', value: `${checkpoint.version}` },
      { name: 'inodes', value: `${checkpoint.inodes}` },
      { name: 'features', value: `0x${superblock.features.toString(16)}` },
      { name: 'written-by', value: superblock.version.slice(0, 200) },
    ],
    entries: () => entriesOf({ superblock, medium, tables, tally, problems }, clusters),
    problems: () => problems.all(),
    classes: () => tally.classes(medium.sizeBytes),
    unallocated: () => tally.unallocated(),
  }
}

function* entriesOf(volume: Volume, clusters: number): Generator<VolumeEntry> {
  const walk = new Walk(volume)
  yield* walk.live()
  yield* walk.unnamed()
  settle(volume, clusters)
}

/** Blocks in use that no content has are nodes, names and attributes. */
function settle({ superblock, tables, tally, problems }: Volume, clusters: number): void {
  const { mainAt, mainSegments, segmentBlocks, blockBytes }: Superblock = superblock
  const marked = new ClusterSet(clusters)
  const mark = (from: number, to: number) => {
    const [first, end] = [Math.min(from, clusters), Math.min(to, clusters)]
    if (end <= first) return
    marked.add(first, end)
    tally.metadata([{ offset: first * blockBytes, length: (end - first) * blockBytes }])
  }
  mark(0, mainAt)
  for (let segment = 0; segment < mainSegments && mainAt + segment * segmentBlocks < clusters; segment++) {
    const bits = tables.segment(segment)
    const base = mainAt + segment * segmentBlocks
    for (let from = 0; from < segmentBlocks; ) {
      let end = from
      while (end < segmentBlocks && isSet(bits, end)) end++
      mark(base + from, base + end)
      from = end + 1
    }
  }
  const { unmarked } = tally.settle(marked)
  if (unmarked > 0) problems.add('blocks-not-marked-in-use', null, `${unmarked}`)
}
