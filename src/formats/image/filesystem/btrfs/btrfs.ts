/**
 * A volume of Btrfs on one device: its live files with those of subvolumes and snapshots, then removed files.
 *
 * Not read: contents that the file system compressed, parts on other devices, and changes of the last seconds that only
 * the log tree has (`journal-not-replayed`).
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
import { Chunks } from './chunks.ts'
import { removed } from './removed.ts'
import { hasCopy, looksLikeBtrfs, readSuperblock, type Superblock } from './superblock.ts'
import { FILES, subvolumeOf, TreeWalk, type Volume } from './tree-walk.ts'
import { type Root, Trees } from './trees.ts'

export const BTRFS: FileSystemFormat = { name: 'btrfs', recognises: looksLikeBtrfs, open: openBtrfs }
/** Recognised by a copy of the superblock, where the beginning is overwritten. */
export const BTRFS_BY_COPY: FileSystemFormat = { ...BTRFS, recognises: hasCopy }

/** Bits 0 to 11, and 16 (simple quotas): they change nothing that is read here. */
const KNOWN = 0x10fffn
const CHUNK_TYPE = 228
const EXTENTS = 2
const EXTENT = 168
const BLOCK = 169
const IS_BLOCK = 2n
/** No chunk begins before. */
const RESERVED_BYTES = 1 << 20

/** @throws NotThisFileSystem when neither the superblock nor a copy can be used */
function openBtrfs(medium: Medium): FileSystem {
  const superblock = readSuperblock(medium)
  if (typeof superblock === 'string')
    throw new NotThisFileSystem(
      'superblock-damaged',
      `the superblock of Btrfs cannot be used (${superblock})`,
    )
  if ((superblock.incompat & ~KNOWN) !== 0n)
    throw new NotThisFileSystem('version-unknown', 'the volume of Btrfs has features that are not known here')
  const { sectorBytes, sizeBytes, deviceBytes } = superblock
  const problems = new ProblemLog()
  if (superblock.fromCopy) problems.add('superblock-from-copy', null)
  if (deviceBytes > medium.sizeBytes)
    problems.add('volume-shorter', null, `${deviceBytes} ${medium.sizeBytes}`)
  if (superblock.logTree !== 0) problems.add('journal-not-replayed', null)
  const trees = openTrees(superblock, medium, problems)
  if (superblock.devices > 1)
    problems.add('devices-missing', null, `1 ${superblock.devices} ${trees.chunks.elsewhereBytes}`)
  const clusters = Math.floor(Math.min(deviceBytes, medium.sizeBytes) / sectorBytes)
  const tally = new ClusterTally({ origin: 0, clusterBytes: sectorBytes, clusters })
  const rootTree = rootOf(superblock.rootTree, trees)
  return {
    kind: 'btrfs',
    label: superblock.label,
    uuid: superblock.uuid.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    clusterBytes: sectorBytes,
    stated: stated(superblock, sizeBytes),
    entries: () => entriesOf({ trees, tally, problems, rootTree }, medium, clusters),
    problems: () => problems.all(),
    classes: () => tally.classes(medium.sizeBytes),
    unallocated: () => tally.unallocated(),
  }
}

/** The chunks that the superblock holds lead to the tree of all chunks. */
function openTrees(superblock: Superblock, medium: Medium, problems: ProblemLog): Trees {
  const chunks = new Chunks(superblock.device, Math.min(superblock.deviceBytes, medium.sizeBytes))
  if (!chunks.addAll(superblock.firstChunks)) problems.add('chunks-damaged', null)
  const trees = new Trees(superblock, chunks, medium, problems)
  const all = { object: 0, type: 0, offset: 0 }
  for (const { type, offset, data } of [...trees.items(rootOf(superblock.chunkTree, trees), all, () => true)])
    if (type === CHUNK_TYPE && chunks.add(offset, data) === null)
      problems.add('chunks-damaged', null, `${offset}`)
  return trees
}

/** Level and generation as the block itself says. */
function rootOf(address: number, trees: Trees): Root {
  return { address, level: trees.levelOf(address), generation: null }
}

function* entriesOf(volume: Volume, medium: Medium, clusters: number): Generator<VolumeEntry> {
  const { problems } = volume
  const files = subvolumeOf(volume, FILES)
  const walk = new TreeWalk(volume)
  if (files) yield* walk.live(files)
  else problems.add('root-damaged', FILES)
  yield* walk.unnamed()
  const blocks = settle(volume, clusters)
  yield* removed(volume, medium, (address, generation) => blocks.get(address) === generation)
}

/** What the tree of extents says is in use. @returns generation of each block of a tree, by address */
function settle({ trees, tally, problems, rootTree }: Volume, clusters: number): ReadonlyMap<number, number> {
  const { sectorBytes, nodeBytes } = trees.superblock
  const marked = new ClusterSet(clusters)
  const blocks = new Map<number, number>()
  const mark = (offset: number, length: number) => {
    const from = Math.min(clusters, Math.floor(offset / sectorBytes))
    const to = Math.min(clusters, Math.ceil((offset + length) / sectorBytes))
    if (to > from) marked.add(from, to)
  }
  mark(0, RESERVED_BYTES)
  tally.metadata([
    {
      offset: 0,
      length: Math.floor(Math.min(RESERVED_BYTES, clusters * sectorBytes) / sectorBytes) * sectorBytes,
    },
  ])
  const extents = subvolumeOf({ trees, tally, problems, rootTree }, EXTENTS)
  if (!extents) {
    problems.add('free-space-damaged', null)
    mark(0, clusters * sectorBytes)
  }
  const all = { object: 0, type: 0, offset: 0 }
  for (const { object, type, offset, data } of extents ? trees.items(extents.root, all, () => true) : []) {
    if (type !== EXTENT && type !== BLOCK) continue
    const isBlock = type === BLOCK || (data.length >= 24 && (data.readBigUInt64LE(16) & IS_BLOCK) !== 0n)
    const length = isBlock ? nodeBytes : offset
    if (isBlock && data.length >= 24) blocks.set(object, Number(data.readBigUInt64LE(8)))
    for (const copy of trees.chunks.copiesOf(object, length)) {
      mark(copy, length)
      if (isBlock) tally.metadata([{ offset: copy, length }])
    }
  }
  const { unmarked } = tally.settle(marked)
  if (unmarked > 0) problems.add('blocks-not-marked-in-use', null, `${unmarked}`)
  return blocks
}

function stated(superblock: Superblock, sizeBytes: number): StatedField[] {
  return [
    { name: 'generation', value: `${superblock.generation}` },
    { name: 'devices', value: `${superblock.devices}` },
    { name: 'bytes', value: `${sizeBytes}` },
    { name: 'used-bytes', value: `${superblock.usedBytes}` },
    { name: 'features', value: `0x${superblock.incompat.toString(16)}` },
  ]
}
