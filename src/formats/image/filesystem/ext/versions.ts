/**
 * Former states of inodes: from the copies of their tables in the journal, and from their present slots.
 *
 * A version is one life of an inode, identified by its generation. Of each ended life the newest state with contents is
 * kept, because a deletion first sets the size to zero.
 */
import type { Blocks } from './blocks.ts'
import type { History } from './history.ts'
import { INODE_FLAG, type Inode, parseInode } from './inode.ts'
import type { InodeTable } from './inode-table.ts'
import { has, type Superblock } from './superblock.ts'

export interface Version {
  readonly generation: number
  /** Newest state with contents, or else the newest; null when only the life itself is known. */
  readonly inode: Inode | null
  /** Transaction of that state; null: the present table. */
  readonly order: number | null
  /** First and last transaction that shows this life. */
  readonly first: number
  readonly last: number
  /** First transaction after `order` that shows it without blocks, or another life; null: none. */
  readonly freed: number | null
  /** It is in use now. */
  readonly live: boolean
}

export class Versions {
  readonly #superblock: Superblock
  readonly #byInode = new Map<number, Version[]>()

  /** @param isLive whether an inode is in use now */
  constructor(
    superblock: Superblock,
    blocks: Blocks,
    inodes: InodeTable,
    history: History,
    isLive: (inode: Inode) => boolean,
  ) {
    this.#superblock = superblock
    const { blockBytes, inodeBytes } = superblock
    const perBlock = blockBytes / inodeBytes
    const [blank, even, odd] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)]
    for (const block of history.blocks) {
      const first = inodes.firstInodeIn(block)
      if (first === null) continue
      const lives = Array.from({ length: perBlock }, (): Version[] => [])
      // From one copy of a block to the next few of its inodes change.
      let before: Buffer = blank
      for (const [at, copy] of history.of(block).entries()) {
        const bytes = blocks.copyOf(copy, at % 2 === 0 ? even : odd)
        for (const [index, versions] of lives.entries()) {
          const from = index * inodeBytes
          const raw = bytes.subarray(from, from + inodeBytes)
          if (raw.equals(before.subarray(from, from + inodeBytes))) seenAgain(versions, copy.order)
          else this.#note(versions, first + index, Buffer.from(raw), copy.order, copy.offset + from)
        }
        before = bytes
      }
      for (const [index, versions] of lives.entries()) {
        const number = first + index
        if (versions.length === 0 || number < superblock.firstInode) continue
        const now = inodes.inode(number)
        const known = now ? merged(versions, now, isLive(now)) : versions
        if (known.some(({ live }) => !live)) this.#byInode.set(number, known)
      }
    }
  }

  /** Lives of an inode in the journal, oldest first; empty when the journal has no ended one. */
  of(inode: number): readonly Version[] {
    return this.#byInode.get(inode) ?? NONE
  }

  /**
   * The life that an inode had when a transaction showed it.
   * @param order null: unknown; then only an inode with a single life has a result
   * @returns null when the journal has no ended life, or the life is ambiguous
   */
  at(inode: number, order: number | null): Version | null {
    const told = this.of(inode)
    if (order === null) return told.length === 1 ? (told[0] ?? null) : null
    return told.findLast(({ first }) => first <= order) ?? told[0] ?? null
  }

  inodes(): IterableIterator<number> {
    return this.#byInode.keys()
  }

  #note(versions: Version[], number: number, raw: Buffer, order: number, slotAt: number): void {
    if (raw.readUInt16LE(0) === 0) return
    const inode = parseInode(this.#superblock, number, raw, slotAt)
    if (!inode.checksumAgrees || inode.kind === 'unknown') return
    const last = versions.at(-1)
    if (last?.generation !== inode.generation) {
      if (last) versions[versions.length - 1] = { ...last, freed: last.freed ?? order }
      const { generation } = inode
      versions.push({ generation, inode, order, first: order, last: order, freed: null, live: false })
      return
    }
    const better = hasContents(inode) || (inode.links > 0 && !(last.inode && hasContents(last.inode)))
    versions[versions.length - 1] = {
      ...last,
      last: order,
      ...(better ? { inode, order, freed: null } : {}),
      ...(!better && inode.allocatedBytes === 0 && last.freed === null ? { freed: order } : {}),
    }
  }
}

function seenAgain(versions: Version[], order: number): void {
  const last = versions.at(-1)
  if (last)
    versions[versions.length - 1] = { ...last, last: order, ...(last.order === last.last ? { order } : {}) }
}

/** The lives in the journal, and the present slot. */
function merged(versions: readonly Version[], now: Inode, live: boolean): Version[] {
  const current = versions.at(-1)
  if (current?.generation === now.generation) {
    const told = versions.slice(0, -1)
    if (live) return [...told, { ...current, inode: null, live }]
    return [...told, hasContents(now) ? { ...current, inode: now, order: null } : current]
  }
  // It was written before or after the journal's range: a slot in use began after every ended life.
  const first = live ? (current?.last ?? 0) : -Infinity
  const slot = {
    generation: now.generation,
    inode: live ? null : now,
    order: null,
    first,
    last: Infinity,
    freed: null,
    live,
  }
  return now.mode === 0 ? [...versions] : [...versions, slot]
}

/**
 * True for readable content: a size, and blocks or bytes for it. A file that is one hole looks like one whose blocks
 * were freed and whose size stayed (fuse2fs), and is left out.
 */
export function hasContents(inode: Inode): boolean {
  if (inode.sizeBytes === 0) return false
  if (inode.allocatedBytes > 0 || has(inode.flags, INODE_FLAG.inlineData)) return true
  return inode.kind === 'symlink' && inode.raw[40] !== 0
}

const NONE: readonly Version[] = []
