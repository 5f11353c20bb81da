/**
 * A volume of ext2, ext3 or ext4: its live files, then its deleted ones.
 *
 * The journal of a volume that was not unmounted is replayed in memory first.
 */
import type { FileSystem, Medium, StatedField, VolumeEntry } from '../../../../contracts/image.ts'
import { NotThisFileSystem } from '../common/not-this-file-system.ts'
import { ProblemLog } from '../common/problem-log.ts'
import { Blocks } from './blocks.ts'
import { Deleted } from './deleted.ts'
import { Groups } from './groups.ts'
import { InodeTable } from './inode-table.ts'
import type { Journal } from './journal.ts'
import { openJournal, replayJournal } from './open-journal.ts'
import { layoutOf } from './runs.ts'
import { COMPAT, findSuperblock, has, INCOMPAT, RO_COMPAT, type Superblock } from './superblock.ts'
import { Tree, type Volume } from './tree.ts'
import { Usage } from './usage.ts'

const ROOT = 2
const BAD_BLOCKS = 1

/** @throws NotThisFileSystem when neither the superblock nor a backup is usable */
export function openExt(volume: Medium): FileSystem {
  const found = findSuperblock(volume)
  if ('unusable' in found) {
    throw new NotThisFileSystem(found.unusable, `the superblock of ext cannot be used (${found.unusable})`)
  }
  const { superblock } = found
  const problems = new ProblemLog()
  for (const code of found.problems) problems.add(code, null)
  if (superblock.blocks * superblock.blockBytes > volume.sizeBytes) {
    problems.add('volume-shorter', null, `${superblock.blocks * superblock.blockBytes} ${volume.sizeBytes}`)
  }
  const blocks = new Blocks(volume, superblock.blockBytes, superblock.blocks, problems)
  const groups = new Groups(superblock, blocks, problems)
  const inodes = new InodeTable(blocks, groups)
  const journal = openJournal(superblock, blocks, inodes, problems)
  replayJournal(superblock, journal, blocks, groups, problems)
  const usage = new Usage(groups, volume.sizeBytes, problems)
  const parts: Volume = { superblock, blocks, inodes, usage, problems }

  return {
    kind: kindOf(superblock),
    label: superblock.label.toString('utf8'),
    uuid: uuidText(superblock.uuid),
    clusterBytes: superblock.blockBytes * superblock.clusterBlocks,
    firstCluster: { number: 0, offset: 0 },
    cutsRuns: true,
    stated: stated(superblock),
    entries: () => entriesOf(parts, groups, journal),
    problems: () => problems.all(),
    classes: () => usage.classes(),
    unallocated: () => usage.unallocated(),
  }
}

function* entriesOf(volume: Volume, groups: Groups, journal: Journal | null): Generator<VolumeEntry> {
  const { superblock, blocks, inodes, usage, problems } = volume
  const bad = inodes.inode(BAD_BLOCKS)
  if (bad && bad.sizeBytes > 0) usage.badBlocks(layoutOf(superblock, bad, (block) => blocks.read(block)))
  const deleted = new Deleted(volume, groups, journal)
  const tree = new Tree(volume, (directory) => deleted.left(directory, tree))
  const root = inodes.inode(ROOT)
  if (root?.kind === 'directory') {
    tree.named.add(ROOT)
    yield* tree.below({ inode: root, path: [] }, 'live')
  } else problems.add('root-damaged', ROOT)
  yield* deleted.entries(tree)
}

function kindOf(superblock: Superblock): string {
  const later =
    INCOMPAT.extents | INCOMPAT.bits64 | INCOMPAT.flexBlockGroups | INCOMPAT.inlineData | INCOMPAT.encrypt
  const laterReadOnly = RO_COMPAT.bigAllocation | RO_COMPAT.metadataChecksum | RO_COMPAT.groupChecksum
  if (has(superblock.incompat, later) || has(superblock.roCompat, laterReadOnly)) return 'ext4'
  return has(superblock.compat, COMPAT.journal) ? 'ext3' : 'ext2'
}

function uuidText(uuid: Buffer): string {
  return uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function stated(superblock: Superblock): StatedField[] {
  const time = (seconds: number) => (seconds === 0 ? '' : new Date(seconds * 1000).toISOString())
  const hex = (features: number) => `0x${(features >>> 0).toString(16)}`
  return [
    { name: 'created', value: time(superblock.createdSeconds) },
    { name: 'last-mounted', value: time(superblock.mountedSeconds) },
    { name: 'last-mounted-on', value: superblock.lastMounted.toString('utf8') },
    { name: 'last-written', value: time(superblock.writtenSeconds) },
    { name: 'mounts', value: `${superblock.mounts}` },
    { name: 'state', value: (superblock.state & 1) !== 0 ? 'clean' : 'not-clean' },
    { name: 'errors', value: `${superblock.errors}` },
    {
      name: 'features',
      value: [superblock.compat, superblock.incompat, superblock.roCompat].map(hex).join(' '),
    },
  ].filter(({ value }) => value !== '')
}
