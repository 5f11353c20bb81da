/**
 * Walks the live directories of a volume, depth first, with one block of each open directory in memory.
 *
 * A directory is entered once, so that a loop in a damaged volume ends.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import { direntKind, lostEntry, nameOnly } from '../common/name-only.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import type { Blocks } from './blocks.ts'
import { contentOf } from './content.ts'
import { type Dirent, directoryChecksumAgrees, isDots, parseDirectoryBlock, shownName } from './directory.ts'
import { identity } from './entry.ts'
import { INODE_FLAG, type Inode, inodeChecksumSeed } from './inode.ts'
import type { InodeTable } from './inode-table.ts'
import { inlineData, layoutOf } from './runs.ts'
import { has, type Superblock } from './superblock.ts'
import type { Usage } from './usage.ts'

/** Directories inside each other that are entered; a path of the kernel ends at 4,096 bytes. */
const DEPTH_MOST = 4096

/** A directory during or after its walk. */
export interface Directory {
  readonly inode: Inode
  readonly path: readonly Buffer[]
}

/** Parts of a volume that a walk uses. */
export interface Volume {
  readonly superblock: Superblock
  readonly blocks: Blocks
  readonly inodes: InodeTable
  readonly usage: Usage
  readonly problems: ProblemLog
}

/** One block of a directory: its position, and the offset of its first entry. */
export interface StoredBlock {
  readonly block: number | null
  readonly bytes: Buffer
  readonly from: number
}

interface Frame extends Directory {
  readonly stored: Iterator<StoredBlock>
  entries: readonly Dirent[]
  next: number
}

export class Tree {
  readonly #volume: Volume
  /** Inodes that a name was found for. */
  readonly named = new BitPages()
  readonly #left: (directory: Directory) => void

  /** @param left called after every entry of a directory was listed */
  constructor(volume: Volume, left: (directory: Directory) => void) {
    this.#volume = volume
    this.#left = left
  }

  /** All entries below a directory, with one `status`. */
  *below(top: Directory, status: 'live' | 'orphan'): Generator<VolumeEntry> {
    const stack = [this.#enter(top)]
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const dirent = this.#nextDirent(frame)
      if (!dirent) {
        this.#left(frame)
        stack.pop()
        continue
      }
      const encrypted = has(frame.inode.flags, INODE_FLAG.encrypted)
      const { name, note } = shownName(dirent.name, encrypted)
      const path = [...frame.path, name]
      const inode = this.#volume.inodes.inode(dirent.inode)
      if (!inode || inode.mode === 0 || inode.links === 0) {
        this.#volume.problems.add('entry-of-unused-inode', dirent.inode)
        const named = nameOnly(path, direntKind(dirent.type), dirent.inode, 's')
        yield lostEntry(named, status, inode !== null, note === null ? [] : [note])
        continue
      }
      const first = this.named.add(dirent.inode)
      yield this.entry(inode, path, status, note === null ? [] : [note], first)
      if (inode.kind !== 'directory') continue
      if (!first) this.#volume.problems.add('directory-linked-twice', inode.number)
      else if (stack.length >= DEPTH_MOST) this.#volume.problems.add('directory-too-deep', inode.number)
      else stack.push(this.#enter({ inode, path }))
    }
  }

  /** Inodes that a directory names. */
  *childrenOf(directory: Inode): Generator<number> {
    for (const { bytes, from } of this.stored(directory)) {
      for (const { inode, name } of parseDirectoryBlock(this.#volume.superblock, bytes, from).entries) {
        if (!isDots(name)) yield inode
      }
    }
  }

  #enter(directory: Directory): Frame {
    return { ...directory, stored: this.stored(directory.inode), entries: [], next: 0 }
  }

  #nextDirent(frame: Frame): Dirent | null {
    for (;;) {
      const dirent = frame.entries[frame.next++]
      if (dirent) {
        if (!isDots(dirent.name)) return dirent
        continue
      }
      const stored = frame.stored.next()
      if (stored.done === true) return null
      frame.entries = this.#parsed(frame.inode, stored.value)
      frame.next = 0
    }
  }

  #parsed(inode: Inode, stored: StoredBlock): readonly Dirent[] {
    const { superblock, problems } = this.#volume
    const { entries, brokenAt } = parseDirectoryBlock(superblock, stored.bytes, stored.from)
    if (brokenAt !== null) problems.add('directory-damaged', inode.number, `${stored.block}+${brokenAt}`)
    const seed = inodeChecksumSeed(superblock, inode.number, inode.generation)
    const indexed = has(inode.flags, INODE_FLAG.indexed)
    if (stored.block !== null && !directoryChecksumAgrees(superblock, seed, stored.bytes, indexed)) {
      problems.add('directory-checksum', inode.number, `${stored.block}`)
    }
    return entries
  }

  /** The blocks of a directory in order; an inline directory is one block, whose first four bytes are its parent. */
  *stored(inode: Inode): Generator<StoredBlock> {
    const { superblock, blocks, problems, usage } = this.#volume
    const held = inlineData(superblock, inode)
    if (held) {
      // The block area and the attribute have entries of their own, one chain each.
      yield { block: null, bytes: held.subarray(0, 60), from: 4 }
      if (held.length > 60) yield { block: null, bytes: held.subarray(60), from: 0 }
      return
    }
    const layout = layoutOf(superblock, inode, (block) => blocks.read(block))
    for (const code of layout.problems) problems.add(code, inode.number)
    usage.directory(inode.number, layout)
    const last = Math.ceil(inode.sizeBytes / superblock.blockBytes)
    for (const extent of layout.extents) {
      if (extent.state !== 'written') continue
      for (let index = 0; index < extent.length && extent.logical + index < last; index++) {
        const bytes = blocks.read(extent.block + index)
        if (bytes) yield { block: extent.block + index, bytes, from: 0 }
        else problems.add('directory-damaged', inode.number, `${extent.block + index}`)
      }
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
    const { superblock, blocks, problems, usage } = this.#volume
    const content = contentOf(superblock, blocks, inode, (block) => blocks.read(block))
    if (counted) {
      for (const code of content.notes) problems.add(code, inode.number)
      if (content.layout) usage.content(inode.number, content.layout, content.sizeBytes)
    }
    return {
      ...identity(inode, path),
      status,
      basis: status === 'live' ? null : 'inode',
      sizeBytes: content.sizeBytes,
      linkTarget: content.linkTarget,
      place: content.place,
      notes: [...notes, ...content.notes],
    }
  }
}
