/**
 * Walks the live directories of a volume, depth first, then lists inodes that no directory names.
 * @see Linux include/linux/f2fs_fs.h, struct f2fs_dentry_block; fs/f2fs/inline.c
 */
import type { ContentPlace } from '../../../../contracts/content-place.ts'
import type { Medium, VolumeEntry } from '../../../../contracts/image.ts'
import type { ClusterTally } from '../clusters/tally.ts'
import { BitPages } from '../common/bit-pages.ts'
import { nameInPath } from '../common/name-in-path.ts'
import { direntKind, lostEntry, nameOnly } from '../common/name-only.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import { Addresses } from './addresses.ts'
import { ADDRESS, EMPTY, type Inode, inodeOf, runsOf } from './inode.ts'
import { type Dirent, direntsIn, ENTRY_BYTES, SLOT_BYTES } from './names.ts'
import type { Superblock } from './superblock.ts'
import type { Tables } from './tables.ts'

const DEPTH_MOST = 4096
const BLOCK_ENTRIES = 214
const BLOCK_ENTRIES_AT = 30
const TARGET_BYTES_MOST = 4096

export interface Volume {
  readonly superblock: Superblock
  readonly medium: Medium
  readonly tables: Tables
  readonly tally: ClusterTally
  readonly problems: ProblemLog
}

interface Frame {
  readonly inode: Inode
  readonly path: readonly Buffer[]
  readonly names: Iterator<Dirent>
}

export class Walk {
  readonly #volume: Volume
  readonly #addresses: Addresses
  readonly #named = new BitPages()
  readonly #read = new BitPages()

  constructor(volume: Volume) {
    this.#volume = volume
    const node = (number: number) => this.#node(number)
    this.#addresses = new Addresses(volume.superblock.blockBytes, node, volume.problems)
  }

  *live(): Generator<VolumeEntry> {
    const { superblock, problems } = this.#volume
    const root = this.#inode(superblock.rootInode)
    if (root?.kind !== 'directory') problems.add('root-damaged', superblock.rootInode)
    else {
      this.#named.add(root.number)
      yield* this.#below(root, [], 'live')
    }
  }

  /** Inodes in use that no directory names. Call it after `live`. */
  *unnamed(): Generator<VolumeEntry> {
    const { superblock, tables, problems } = this.#volume
    for (let number = 1; number < tables.nodeNumbers; number++) {
      if (this.#named.has(number) || superblock.ownInodes.includes(number)) continue
      if (tables.node(number)?.inode !== number) continue
      const inode = this.#inode(number)
      if (!inode || inode.mode === 0 || !this.#named.add(number)) continue
      const isRemoved = inode.links === 0
      if (!isRemoved) problems.add('inode-without-name', number)
      const path = [Buffer.from('$Orphan'), Buffer.from(`inode-${number}`)]
      yield this.#entry(
        inode,
        path,
        'orphan',
        [isRemoved ? 'removed-while-open' : 'inode-without-name'],
        true,
      )
      if (inode.kind === 'directory') yield* this.#below(inode, path, 'orphan')
    }
  }

  *#below(top: Inode, path: readonly Buffer[], status: 'live' | 'orphan'): Generator<VolumeEntry> {
    const { problems } = this.#volume
    const stack: Frame[] = [{ inode: top, path, names: this.#names(top) }]
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const next = frame.names.next()
      if (next.done === true) {
        stack.pop()
        continue
      }
      const dirent = next.value
      const stored = frame.inode.isEncrypted
        ? { name: Buffer.from(dirent.name.toString('base64url')), note: 'name-encrypted' }
        : nameInPath(dirent.name)
      const at = [...frame.path, stored.name]
      const notes = stored.note === null ? [] : [stored.note]
      const inode = this.#inode(dirent.inode)
      if (!inode || inode.mode === 0) {
        problems.add('entry-of-unused-inode', dirent.inode)
        yield lostEntry(nameOnly(at, direntKind(dirent.type), dirent.inode), status, inode !== null, notes)
        continue
      }
      const first = this.#named.add(inode.number)
      yield this.#entry(inode, at, status, notes, first)
      if (inode.kind !== 'directory') continue
      if (!first) problems.add('directory-linked-twice', inode.number)
      else if (stack.length >= DEPTH_MOST) problems.add('directory-too-deep', inode.number)
      else stack.push({ inode, path: at, names: this.#names(inode) })
    }
  }

  #inode(number: number): Inode | null {
    const node = this.#node(number)
    return node && inodeOf(this.#volume.superblock, node, number)
  }

  #node(number: number): Buffer | null {
    const place = this.#volume.tables.node(number)
    return place && this.#block(place.block)
  }

  #block(number: number): Buffer | null {
    const { superblock, medium, problems } = this.#volume
    const bytes = Buffer.alloc(superblock.blockBytes)
    const at = number * bytes.length
    if (number < superblock.mainAt || medium.readInto(bytes, at) < bytes.length) return null
    for (const { offset, length, cause } of medium.damageIn(at, bytes.length))
      problems.add('metadata-on-damaged-bytes', null, `${offset}+${length} ${cause}`)
    return bytes
  }

  *#names(inode: Inode): Generator<Dirent> {
    const { problems } = this.#volume
    if (inode.inline?.isNames) {
      const { bytes } = inode.inline
      const count = Math.floor((bytes.length * 8) / ((ENTRY_BYTES + SLOT_BYTES) * 8 + 1))
      const slotsAt = bytes.length - count * SLOT_BYTES
      yield* direntsIn(bytes, count, slotsAt - count * ENTRY_BYTES, slotsAt)
      return
    }
    for (const address of this.#addresses.of(inode)) {
      if (address === ADDRESS.hole || address === ADDRESS.fresh) continue
      const block = this.#read.add(address) ? this.#block(address) : null
      if (block)
        yield* direntsIn(
          block,
          BLOCK_ENTRIES,
          BLOCK_ENTRIES_AT,
          BLOCK_ENTRIES_AT + BLOCK_ENTRIES * ENTRY_BYTES,
        )
      else problems.add('directory-damaged', inode.number, `${address}`)
    }
  }

  #entry(
    inode: Inode,
    path: readonly Buffer[],
    status: 'live' | 'orphan',
    notes: readonly string[],
    counted: boolean,
  ): VolumeEntry {
    const { place, linkTarget } = this.#content(inode, counted)
    const isSized = inode.kind === 'file' || inode.kind === 'symlink' || inode.kind === 'directory'
    return {
      path,
      stream: null,
      kind: inode.kind,
      status,
      basis: status === 'live' ? null : 'inode',
      record: inode.number,
      sequence: inode.generation,
      links: inode.links,
      sizeBytes: isSized ? Math.max(0, inode.sizeBytes) : 0,
      allocatedBytes: inode.allocatedBytes,
      times: inode.times,
      nameTimes: null,
      mode: inode.mode,
      uid: inode.uid,
      gid: inode.gid,
      linkTarget,
      place,
      notes,
    }
  }

  #content(
    inode: Inode,
    counted: boolean,
  ): { readonly place: ContentPlace; readonly linkTarget: Buffer | null } {
    const { superblock, tables, tally, problems } = this.#volume
    const none = (reason: string, detail: string) => ({
      place: { kind: 'none' as const, reason, detail },
      linkTarget: null,
    })
    if (inode.kind !== 'file' && inode.kind !== 'symlink') return { place: EMPTY, linkTarget: null }
    if (inode.sizeBytes < 0) return none('damaged', 'size-implausible')
    const at = (tables.node(inode.number)?.block ?? 0) * superblock.blockBytes
    const inline = inode.inline
    if (inline && inline.bytes.length < inode.sizeBytes) return none('damaged', 'size-implausible')
    const inside =
      inline && [{ offset: at + inline.at, length: inode.sizeBytes }].filter(({ length }) => length > 0)
    const { runs, reason } = inside
      ? { runs: inside, reason: null }
      : runsOf(superblock, this.#addresses.of(inode), inode.sizeBytes)
    if (counted && !inside) tally.content(wholeBlocks(runs, superblock.blockBytes), inode.sizeBytes)
    if (reason === 'address') problems.add('address-damaged', inode.number)
    if (inode.isEncrypted) return none('encrypted', 'fscrypt')
    if (reason !== null || inode.isCompressed)
      return reason === 'address' ? none('damaged', 'address') : none('not-built', 'f2fs-compressed')
    if (inode.kind === 'file')
      return { place: { kind: 'runs', runs, validBytes: inode.sizeBytes }, linkTarget: null }
    const [first] = runs
    const isShort = inode.sizeBytes <= TARGET_BYTES_MOST && runs.length === 1 && first?.offset != null
    const target = Buffer.alloc(isShort ? inode.sizeBytes : 0)
    if (isShort) this.#volume.medium.readInto(target, first.offset!)
    return { place: EMPTY, linkTarget: isShort ? target : null }
  }
}

function wholeBlocks(
  runs: readonly { readonly offset: number | null; readonly length: number }[],
  blockBytes: number,
): { offset: number | null; length: number }[] {
  return runs.map(({ offset, length }) => ({ offset, length: Math.ceil(length / blockBytes) * blockBytes }))
}
