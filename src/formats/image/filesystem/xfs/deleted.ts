/**
 * Inodes that no directory names, and removed files.
 *
 * A removal sets an inode's size and number of extents to zero and leaves the bytes of the extents. So the blocks of a
 * removed file are known. Its size is known where the log still holds a change of the file, and else in whole blocks
 * only (`size-not-recorded`). Contents of more extents than an inode holds are not recorded.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { EMPTY } from './content.ts'
import { kindOf, ofInode, ofName } from './entry.ts'
import { type Extent, endOf, remainingExtents, runsOf } from './extents.ts'
import type { Chunk } from './groups.ts'
import { type Inode, readInode } from './inode.ts'
import { type PastSize, pastSizes } from './past-sizes.ts'
import type { RemovedName } from './removed-names.ts'
import type { Tree, Volume } from './tree.ts'

const NOT_RECORDED: VolumeEntry['place'] = { kind: 'none', reason: 'not-recorded', detail: '' }

/** Inodes in use without a name: cut off by damage, or removed while open. Call it after the live entries. */
export function* unnamed(volume: Volume, chunks: readonly Chunk[], tree: Tree): Generator<VolumeEntry> {
  const { superblock, blocks, problems } = volume
  const lost: Inode[] = []
  for (const number of inodesOf(chunks, 'in use')) {
    if (tree.named.has(number) || superblock.ownInodes.includes(number)) continue
    const inode = readInode(superblock, blocks, number)
    if (inode && inode.mode !== 0) lost.push(inode)
    else problems.add('inode-damaged', number)
  }
  // Directories first: what they name has a path.
  for (const inode of [...lost].sort((a, b) => rank(a) - rank(b))) {
    if (!tree.named.add(inode.number)) continue
    const isRemoved = inode.links === 0
    if (!isRemoved) problems.add('inode-without-name', inode.number)
    const names = tree.removed.take(inode.number)
    const path = names[0]?.path ?? orphan(inode.number)
    yield tree.entry(inode, path, 'orphan', [isRemoved ? 'removed-while-open' : 'inode-without-name'], true)
    if (inode.kind === 'directory') yield* tree.below({ inode, path }, 'orphan')
  }
}

const rank = ({ kind }: Inode): number => (kind === 'directory' ? 0 : 1)

/** Removed files, then names alone. Call it after the map of what is in use is settled. */
export function* removed(volume: Volume, chunks: readonly Chunk[], tree: Tree): Generator<VolumeEntry> {
  const { superblock, blocks, problems } = volume
  const sizes = pastSizes(superblock, blocks.volume)
  for (const number of inodesOf(chunks, 'free')) {
    const names = tree.removed.take(number)
    const inode = readInode(superblock, blocks, number)
    if (inode?.mode !== 0) {
      yield* names.map((name) => onlyName(name, []))
      continue
    }
    const extents = remainingExtents(superblock, inode.fork)
    if (names.length === 0 && extents.length === 0) continue
    if (names.length === 0) yield ended(volume, inode, extents, null, sizes)
    for (const name of names) yield ended(volume, inode, extents, name, sizes)
  }
  for (const name of tree.removed.rest()) {
    const now = readInode(superblock, blocks, name.dirent.inode)
    yield onlyName(name, now && now.mode !== 0 ? ['inode-in-use-again'] : [])
  }
  if (tree.removed.isFull) problems.add('removed-names-too-many', null)
}

function ended(
  { superblock, tally }: Volume,
  inode: Inode,
  extents: readonly Extent[],
  name: RemovedName | null,
  sizes: ReadonlyMap<number, PastSize>,
): VolumeEntry {
  const kind = name ? kindOf(name.dirent) : 'file'
  const isFile = kind === 'file' || kind === 'unknown'
  const last = extents.at(-1)
  const storedBytes = isFile && last ? endOf(last) * superblock.blockBytes : 0
  const told = sizeTold(sizes.get(inode.number), inode, storedBytes)
  const sizeBytes = told ?? storedBytes
  const runs = runsOf(superblock, extents, sizeBytes)
  const { gone, all } = tally.held(runsOf(superblock, extents, storedBytes))
  const whole: VolumeEntry['place'] =
    gone === 0
      ? { kind: 'runs', runs, validBytes: sizeBytes }
      : {
          kind: 'none',
          reason: gone === all ? 'overwritten' : 'overwritten-in-part',
          detail: `${gone * superblock.blockBytes} ${all * superblock.blockBytes}`,
        }
  return {
    ...ofInode(inode, name?.path ?? orphan(inode.number)),
    kind,
    mode: null,
    links: 0,
    allocatedBytes: storedBytes,
    status: gone > 0 ? 'deleted-overwritten' : 'deleted',
    basis: told === null ? 'inode' : 'journal',
    sizeBytes,
    linkTarget: null,
    place: !isFile ? EMPTY : sizeBytes === 0 ? NOT_RECORDED : whole,
    notes: sizeBytes > 0 && told === null ? ['size-not-recorded'] : [],
  }
}

/**
 * The size, where the log tells it of the removed file and not of an earlier one: a removal adds one to the generation,
 * and blocks may be allocated ahead of the end.
 */
function sizeTold(past: PastSize | undefined, { generation }: Inode, storedBytes: number): number | null {
  if (!past || past.sizeBytes > storedBytes || (past.generation + 1) >>> 0 !== generation) return null
  return past.sizeBytes
}

function onlyName(name: RemovedName, notes: readonly string[]): VolumeEntry {
  const kind = kindOf(name.dirent)
  return {
    ...ofName(name.path, name.dirent),
    status: 'deleted',
    basis: 'directory-slack',
    place: kind === 'file' || kind === 'unknown' ? NOT_RECORDED : EMPTY,
    notes,
  }
}

const orphan = (inode: number): readonly Buffer[] => [Buffer.from('$Orphan'), Buffer.from(`inode-${inode}`)]

function* inodesOf(chunks: readonly Chunk[], which: 'in use' | 'free'): Generator<number> {
  for (const { first, free, absent } of chunks) {
    const wanted = (which === 'free' ? free : ~free) & ~absent
    for (let index = 0; index < 64; index++) if ((wanted >> BigInt(index)) & 1n) yield first + index
  }
}
