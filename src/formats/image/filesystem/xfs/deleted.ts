/**
 * Inodes that no directory names, and removed files.
 *
 * A removal sets an inode's size and number of extents to zero and leaves the bytes of the extents. So the blocks of a
 * removed file are known. Its size is known where the log still holds a change of the file, and else in whole blocks
 * only, up to the first hole (`size-not-recorded`). Contents of more extents than an inode holds are not recorded.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import { direntKind, nameOnly } from '../common/name-only.ts'
import { EMPTY } from './content.ts'
import { ofInode } from './entry.ts'
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

/**
 * Removed files, then names alone. Call it after the map of what is in use is settled. The file that was removed last comes
 * first and gets the blocks that it shares with others.
 */
export function* removed(volume: Volume, chunks: readonly Chunk[], tree: Tree): Generator<VolumeEntry> {
  const { superblock, blocks, problems } = volume
  const sizes = pastSizes(superblock, blocks.volume)
  const gone: { readonly number: number; readonly ended: bigint }[] = []
  for (const number of inodesOf(chunks, 'free')) {
    const inode = readInode(superblock, blocks, number)
    if (inode?.mode !== 0) yield* tree.removed.take(number).map((name) => onlyName(name, []))
    else if (gone.length < INODES_MOST) gone.push({ number, ended: inode.times.changedNs ?? 0n })
    else problems.add('removed-inodes-too-many', null)
  }
  gone.sort((a, b) => (a.ended < b.ended ? 1 : -1))
  const taken = new BitPages()
  for (const { number } of gone) {
    const inode = readInode(superblock, blocks, number)
    if (!inode) continue
    const names = tree.removed.take(number)
    const own = names.filter((name) => isOfLastLife(name, inode))
    const remains = remainsOf(volume, inode, sizes.get(number), taken)
    if (own.length === 0 && remains.storedBytes > 0) yield ended(inode, remains, null, [])
    // Two names may be links of one file, or of two that had the inode one after the other.
    const notes = own.length > 1 ? ['name-of-another-file-possible'] : []
    for (const name of own) yield ended(inode, remains, name, notes)
    for (const name of names) if (!own.includes(name)) yield onlyName(name, ['inode-in-use-again'])
  }
  for (const name of tree.removed.rest()) {
    const now = readInode(superblock, blocks, name.dirent.inode)
    yield onlyName(name, now && now.mode !== 0 ? ['inode-in-use-again'] : [])
  }
  if (tree.removed.isFull) problems.add('removed-names-too-many', null)
}

const INODES_MOST = 1_000_000

/**
 * An inode may have been several files, and a name does not say of which it is. The last file was removed when its last
 * name was: a directory that did not change since then has no name of it.
 */
function isOfLastLife({ removedBy }: RemovedName, { times }: Inode): boolean {
  return removedBy === null || times.changedNs === null || times.changedNs <= removedBy
}

/** What is left of a removed file. */
interface Remains {
  readonly place: VolumeEntry['place']
  readonly sizeBytes: number
  readonly storedBytes: number
  readonly isTold: boolean
}

/** @param taken blocks of files that were removed later; gets those of this one */
function remainsOf(
  { superblock, tally }: Volume,
  inode: Inode,
  past: PastSize | undefined,
  taken: BitPages,
): Remains {
  const { blockBytes } = superblock
  const told = past && (past.generation + 1) >>> 0 === inode.generation ? past.sizeBytes : null
  const all = remainingExtents(superblock, inode.fork)
  const extents = told === null ? withoutGap(all) : upTo(all, Math.ceil(told / blockBytes))
  const last = extents.at(-1)
  const storedBytes = last ? endOf(last) * blockBytes : 0
  const sizeBytes = told ?? storedBytes
  const state = { sizeBytes, storedBytes, isTold: told !== null }
  // Further extents were in a tree of blocks, which is gone.
  if (storedBytes === 0 || storedBytes < sizeBytes) return { ...state, place: NOT_RECORDED }
  const runs = runsOf(superblock, extents, storedBytes)
  const held = tally.held(runs)
  const lost = Math.max(held.gone, claim(extents, taken))
  if (lost === 0)
    return {
      ...state,
      place: { kind: 'runs', runs: runsOf(superblock, extents, sizeBytes), validBytes: sizeBytes },
    }
  const reason = lost >= held.all ? 'overwritten' : 'overwritten-in-part'
  const detail = `${lost * blockBytes} ${held.all * blockBytes}`
  return { ...state, place: { kind: 'none', reason, detail } }
}

/** Up to the first gap: behind one, the bytes may be those of an earlier file of the same inode. */
function withoutGap(extents: readonly Extent[]): readonly Extent[] {
  const gap = extents.findIndex(({ logical }, i) => i > 0 && logical !== endOf(extents[i - 1]!))
  return gap === -1 ? extents : extents.slice(0, gap)
}

function upTo(extents: readonly Extent[], blocks: number): Extent[] {
  return extents
    .filter(({ logical }) => logical < blocks)
    .map((extent) => ({ ...extent, length: Math.min(extent.length, blocks - extent.logical) }))
}

/** @returns how many of the blocks were claimed before */
function claim(extents: readonly Extent[], taken: BitPages): number {
  let before = 0
  for (const { block, length } of extents)
    for (let i = 0; i < length; i++) if (!taken.add(block + i)) before++
  return before
}

function ended(
  inode: Inode,
  { place, sizeBytes, storedBytes, isTold }: Remains,
  name: RemovedName | null,
  notes: readonly string[],
): VolumeEntry {
  const kind = name ? direntKind(name.dirent.type) : 'file'
  const isFile = kind === 'file' || kind === 'unknown'
  const isOverwritten = isFile && place.kind === 'none' && place.reason !== 'not-recorded'
  const isGiven = isFile && place.kind !== 'none'
  return {
    ...ofInode(inode, name?.path ?? orphan(inode.number)),
    kind,
    mode: null,
    links: 0,
    allocatedBytes: isFile ? storedBytes : 0,
    status: isOverwritten ? 'deleted-overwritten' : 'deleted',
    basis: isTold ? 'journal' : 'inode',
    sizeBytes: isFile ? sizeBytes : 0,
    linkTarget: null,
    place: isFile ? place : EMPTY,
    notes: [...notes, ...(isGiven && !isTold ? ['size-not-recorded'] : [])],
  }
}

function onlyName(name: RemovedName, notes: readonly string[]): VolumeEntry {
  const kind = direntKind(name.dirent.type)
  return {
    ...nameOnly(name.path, kind, name.dirent.inode),
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
