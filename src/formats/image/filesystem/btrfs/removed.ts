/**
 * Removed files: trees of before, which the superblock still names, keep them until their blocks are written over.
 * @see Linux fs/btrfs/disk-io.c, backup_super_roots
 */
import type { DataRun } from '../../../../contracts/content-place.ts'
import type { Medium, VolumeEntry } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import { nameInPath } from '../common/name-in-path.ts'
import { ProblemLog } from '../common/problem-log.ts'
import { type Content, contentOf, type Inode, inodeOf } from './inode.ts'
import { number, SUPERBLOCK_AT } from './superblock.ts'
import {
  entryOf,
  FILES,
  FIRST_INODE,
  ITEM,
  inodeIn,
  nameOf,
  ORPHAN,
  type Subvolume,
  subvolumeOf,
  type Volume,
} from './tree-walk.ts'
import { type Item, type Root, Trees } from './trees.ts'

const BACKUPS_AT = 811 + 2048
const BACKUP_BYTES = 168
const BACKUPS = 4
const INODES_MOST = 1_000_000
const DEPTH_MOST = 256

interface Gone {
  inode: Inode | null
  readonly extents: Item[]
  name: { readonly parent: number; readonly bytes: Buffer } | null
}

/** @param isLive a block of a tree is in use today, and of that generation */
export function* removed(
  volume: Volume,
  medium: Medium,
  isLive: (address: number, generation: number) => boolean,
): Generator<VolumeEntry> {
  // What is written over is no damage of today's volume.
  const trees = new Trees(volume.trees.superblock, volume.trees.chunks, medium, new ProblemLog(), false)
  const before = { ...volume, trees }
  const seen = new Set<string>()
  const taken = new BitPages()
  for (const rootTree of rootsOfBefore(medium, volume)) {
    const own: DataRun[] = []
    for (const { object } of trees.items(
      rootTree,
      { object: FILES, type: ITEM.root, offset: 0 },
      () => true,
    )) {
      if (object !== FILES && object < FIRST_INODE) continue
      const then = subvolumeOf(before, object, rootTree)
      const now = subvolumeOf(volume, object)
      if (!then || !now) continue
      for (const { inode, content, path } of goneFrom(volume, trees, then, now, isLive)) {
        const key = `${object} ${inode.number} ${inode.generation}`
        if (seen.has(key)) continue
        if (seen.size >= INODES_MOST) {
          volume.problems.add('removed-inodes-too-many', null)
          return
        }
        seen.add(key)
        for (const run of content.stored) own.push(run)
        yield endedEntry(volume, inode, content, path, taken)
      }
    }
    // Files of one state may share blocks; those of an earlier one lost what these had.
    for (const cluster of clustersOf(own, trees.superblock.sectorBytes)) taken.add(cluster)
  }
}

function* clustersOf(runs: readonly DataRun[], sectorBytes: number): Generator<number> {
  for (const { offset, length } of runs) {
    const first = (offset ?? 0) / sectorBytes
    for (let i = 0; offset !== null && i < length / sectorBytes; i++) yield first + i
  }
}

interface Ended {
  readonly inode: Inode
  readonly content: Content
  readonly path: readonly Buffer[]
}

/** @param taken clusters of files that were there later */
function endedEntry(
  { tally, trees }: Volume,
  inode: Inode,
  content: Content,
  path: readonly Buffer[],
  taken: BitPages,
): VolumeEntry {
  const { sectorBytes } = trees.superblock
  const { gone: held, all } = tally.held(content.stored)
  let later = 0
  for (const cluster of clustersOf(content.stored, sectorBytes)) if (taken.has(cluster)) later++
  const lost = Math.max(held, later)
  const reason = lost >= all ? 'overwritten' : 'overwritten-in-part'
  const detail = `${lost * sectorBytes} ${all * sectorBytes}`
  const place: VolumeEntry['place'] = content.isCut
    ? { kind: 'none', reason: 'not-recorded', detail: 'extents-missing' }
    : lost === 0
      ? content.place
      : { kind: 'none', reason, detail }
  const status = lost > 0 && !content.isCut ? 'deleted-overwritten' : 'deleted'
  return entryOf(inode, { ...content, place }, path, status, content.notes)
}

/** Roots of before, newest first. */
function rootsOfBefore(medium: Medium, { trees }: Volume): Root[] {
  const raw = Buffer.alloc(BACKUPS * BACKUP_BYTES)
  medium.readInto(raw, SUPERBLOCK_AT + BACKUPS_AT)
  const roots: Root[] = []
  for (let at = 0; at < raw.length; at += BACKUP_BYTES) {
    const generation = number(raw, at + 8)
    const level = raw[at + 144]!
    if (generation > 0 && generation < trees.superblock.generation)
      roots.push({ address: number(raw, at), level, generation })
  }
  return roots.sort((a, b) => b.generation! - a.generation!)
}

function* goneFrom(
  volume: Volume,
  trees: Trees,
  then: Subvolume,
  now: Subvolume,
  isLive: (address: number, generation: number) => boolean,
): Generator<Ended> {
  const gone = new Map<number, Gone>()
  for (const item of trees.itemsNotIn(then.root, isLive)) {
    const named = item.type === ITEM.name ? nameOf(item) : null
    const object = named && !named.isSubvolume ? named.object : item.object
    const isAsked = named !== null || item.type === ITEM.inode || item.type === ITEM.extent
    if (!isAsked || object <= FIRST_INODE) continue
    if (gone.size >= INODES_MOST && !gone.has(object)) {
      volume.problems.add('removed-inodes-too-many', null)
      continue
    }
    const one = gone.get(object) ?? { inode: null, extents: [], name: null }
    gone.set(object, one)
    if (named) one.name = { parent: item.object, bytes: named.name }
    else if (item.type === ITEM.inode) one.inode = inodeOf(item, trees.superblock)
    else one.extents.push({ ...item, data: Buffer.from(item.data) })
  }
  for (const [object, { inode, extents }] of gone) {
    if (!inode || inodeIn(volume, now, object)?.generation === inode.generation) continue
    extents.sort((a, b) => a.offset - b.offset)
    const content = contentOf(inode, extents, trees.chunks)
    yield { inode, content, path: pathOf(volume, now, gone, object) }
  }
}

/** By the names of before, upwards to a directory that is there today, or to `$Orphan`. */
function pathOf(volume: Volume, now: Subvolume, gone: ReadonlyMap<number, Gone>, object: number): Buffer[] {
  const path: Buffer[] = []
  let at = object
  for (let depth = 0; depth < DEPTH_MOST; depth++) {
    // Where a subvolume is named is not followed: it may have several names, or none.
    if (at === FIRST_INODE)
      return now.id === FILES ? path : [ORPHAN, Buffer.from(`subvolume-${now.id}`), ...path]
    const name = gone.get(at)?.name ?? nameNow(volume, now, at)
    if (!name) break
    path.unshift(nameInPath(name.bytes).name)
    at = name.parent
  }
  return [ORPHAN, Buffer.from(`inode-${object}`), ...path.slice(-1)]
}

function nameNow({ trees }: Volume, { root }: Subvolume, object: number): Gone['name'] {
  for (const { offset, data } of trees.of(root, object, ITEM.reference)) {
    const length = data.length >= 10 ? data.readUInt16LE(8) : 0
    if (length > 0 && 10 + length <= data.length)
      return { parent: offset, bytes: Buffer.from(data.subarray(10, 10 + length)) }
  }
  return null
}
