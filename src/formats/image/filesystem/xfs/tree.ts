/**
 * Walks the live directories of a volume, depth first.
 *
 * A directory is entered once and a block of names is read once, so that loops in a damaged volume end.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { ClusterTally } from '../clusters/tally.ts'
import { BitPages } from '../common/bit-pages.ts'
import { nameInPath } from '../common/name-in-path.ts'
import { direntKind, lostEntry, nameOnly } from '../common/name-only.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import { contentOf } from './content.ts'
import { type Dirent, isDots, NAMES_END_BYTES, parseDirectoryBlock, parseShortForm } from './directory.ts'
import { ofInode } from './entry.ts'
import { blocksOf, type Extent, endOf, type Layout, layoutOf } from './extents.ts'
import { type Inode, readInode } from './inode.ts'
import { RemovedNames } from './removed-names.ts'
import type { Superblock } from './superblock.ts'

const DEPTH_MOST = 4096

/** Parts of a volume that a walk uses. */
export interface Volume {
  readonly superblock: Superblock
  readonly blocks: Blocks
  readonly tally: ClusterTally
  readonly problems: ProblemLog
}

export interface Directory {
  readonly inode: Inode
  readonly path: readonly Buffer[]
}

interface Frame extends Directory {
  readonly dirents: Iterator<Dirent>
}

export class Tree {
  readonly #volume: Volume
  /** Inodes that a name was found for. */
  readonly named = new BitPages()
  readonly removed = new RemovedNames()
  readonly #read = new BitPages()

  constructor(volume: Volume) {
    this.#volume = volume
  }

  /** All entries below a directory, with one `status`. */
  *below(top: Directory, status: 'live' | 'orphan'): Generator<VolumeEntry> {
    const { superblock, blocks, problems } = this.#volume
    const stack: Frame[] = [this.#enter(top)]
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const next = frame.dirents.next()
      if (next.done === true) {
        stack.pop()
        continue
      }
      const dirent = next.value
      const { name, note } = nameInPath(dirent.name)
      const path = [...frame.path, name]
      const notes = note === null ? [] : [note]
      const inode = readInode(superblock, blocks, dirent.inode)
      if (!inode || inode.mode === 0) {
        problems.add('entry-of-unused-inode', dirent.inode)
        const named = nameOnly(path, direntKind(dirent.type), dirent.inode)
        yield lostEntry(named, status, inode !== null, notes)
        continue
      }
      const first = this.named.add(dirent.inode)
      yield this.entry(inode, path, status, notes, first)
      if (inode.kind !== 'directory') continue
      if (!first) problems.add('directory-linked-twice', inode.number)
      else if (stack.length >= DEPTH_MOST) problems.add('directory-too-deep', inode.number)
      else stack.push(this.#enter({ inode, path }))
    }
  }

  /** @param counted false for further names of an inode whose bytes were counted */
  entry(
    inode: Inode,
    path: readonly Buffer[],
    status: 'live' | 'orphan',
    notes: readonly string[],
    counted: boolean,
  ): VolumeEntry {
    const { superblock, blocks, problems } = this.#volume
    const content = contentOf(superblock, blocks, inode)
    if (counted) {
      for (const code of content.notes) problems.add(code, inode.number)
      if (content.layout) this.#count(content.layout, inode.kind === 'file' ? content.sizeBytes : null)
    }
    return {
      ...ofInode(inode, path),
      status,
      basis: status === 'live' ? null : 'inode',
      sizeBytes: content.sizeBytes,
      linkTarget: content.linkTarget,
      place: content.place,
      notes: [...notes, ...content.notes],
    }
  }

  /** @param sizeBytes null: structure */
  #count({ extents, treeBlocks }: Layout, sizeBytes: number | null): void {
    const { superblock, tally } = this.#volume
    const { blockBytes } = superblock
    tally.metadata(treeBlocks.map((block) => ({ offset: block * blockBytes, length: blockBytes })))
    const all = blocksOf(superblock, extents)
    if (sizeBytes === null) {
      tally.metadata(all)
      return
    }
    // Allocated ahead and never written: no content, and not free.
    const unwritten = extents.filter((extent) => extent.isUnwritten)
    if (unwritten.length > 0) {
      tally.content(
        blocksOf(superblock, unwritten).filter(({ offset }) => offset !== null),
        0,
      )
    }
    tally.content(all, sizeBytes)
  }

  #enter(directory: Directory): Frame {
    return { ...directory, dirents: this.#dirents(directory) }
  }

  *#dirents({ inode, path }: Directory): Generator<Dirent> {
    const { superblock, blocks, problems } = this.#volume
    if (inode.form === 'local') {
      const { entries, brokenAt } = parseShortForm(superblock, inode.fork, inode.sizeBytes)
      if (brokenAt !== null) problems.add('directory-damaged', inode.number, `${brokenAt}`)
      yield* entries
      return
    }
    const layout = layoutOf(superblock, blocks, inode)
    for (const code of layout.problems) problems.add(code, inode.number)
    this.#count(layout, null)
    for (const bytes of this.#blocksOf(inode, layout.extents)) {
      const parsed = bytes && parseDirectoryBlock(superblock, bytes)
      if (!parsed) {
        problems.add('directory-damaged', inode.number)
        continue
      }
      if (parsed.brokenAt !== null) problems.add('directory-damaged', inode.number, `${parsed.brokenAt}`)
      if (!parsed.checksumAgrees) problems.add('directory-checksum', inode.number)
      for (const dirent of parsed.removed) this.removed.add(dirent, path, inode.times.modifiedNs)
      for (const dirent of parsed.entries) if (!isDots(dirent.name)) yield dirent
    }
  }

  /** Blocks of names in order; null: one that cannot be read, or that another directory has. */
  *#blocksOf(inode: Inode, extents: readonly Extent[]): Generator<Buffer | null> {
    const { superblock, blocks } = this.#volume
    const { blockBytes, directoryBlockBytes } = superblock
    const step = directoryBlockBytes / blockBytes
    const end = Math.min(NAMES_END_BYTES, Math.max(0, inode.sizeBytes)) / blockBytes
    let next = 0
    for (const [index, extent] of extents.entries()) {
      const from = Math.floor(extent.logical / step) * step
      for (let at = Math.max(next, from); at < Math.min(endOf(extent), end); at += step) {
        next = at + step
        const places = placesOf(extents, index, at, step)
        const fresh = places?.filter((place) => this.#read.add(place)) ?? []
        const parts = fresh.map((place) => blocks.read(place * blockBytes, blockBytes))
        const isWhole = parts.length === step && parts.every((part) => part !== null)
        yield isWhole ? Buffer.concat(parts) : null
      }
    }
  }
}

/** Places of `count` blocks from `logical` on; null: one has none. @param from index of the extent with the first */
function placesOf(extents: readonly Extent[], from: number, logical: number, count: number): number[] | null {
  const places: number[] = []
  let index = from
  for (let at = logical; at < logical + count; at++) {
    while (index < extents.length && endOf(extents[index]!) <= at) index++
    const extent = extents[index]
    if (!extent || extent.logical > at) return null
    places.push(extent.block + at - extent.logical)
  }
  return places
}
