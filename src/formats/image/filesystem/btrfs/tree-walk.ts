/**
 * Walks the live directories of a volume and of its subvolumes, depth first, each once; then lists what no name leads to.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import type { ClusterTally } from '../clusters/tally.ts'
import { BitPages } from '../common/bit-pages.ts'
import { nameInPath } from '../common/name-in-path.ts'
import { direntKind, lostEntry, nameOnly } from '../common/name-only.ts'
import type { ProblemLog } from '../common/problem-log.ts'
import { type Content, contentOf, EMPTY, type Inode, inodeOf } from './inode.ts'
import { number } from './superblock.ts'
import type { Item, Root, Trees } from './trees.ts'

export const ITEM = { inode: 1, reference: 12, name: 96, extent: 108, root: 132, child: 156 } as const
/** Root directory of each tree of files. */
export const FIRST_INODE = 256
export const FILES = 5
const DEPTH_MOST = 4096
const NAME_AT = 30
export const ORPHAN = Buffer.from('$Orphan')

/** A tree of files: the volume's own, or a subvolume. */
export interface Subvolume {
  readonly id: number
  readonly root: Root
}

export interface Volume {
  readonly trees: Trees
  readonly tally: ClusterTally
  readonly problems: ProblemLog
  readonly rootTree: Root
}

interface Frame {
  readonly of: Subvolume
  readonly directory: number
  readonly path: readonly Buffer[]
  readonly names: Iterator<Item>
}

export interface Name {
  readonly object: number
  readonly isSubvolume: boolean
  /** Number of its kind: 1 file, 2 directory, 7 symlink. */
  readonly type: number
  readonly name: Buffer
}

/** @returns null for an item that is none */
export function nameOf({ data }: Item): Name | null {
  const length = data.length >= NAME_AT ? data.readUInt16LE(27) : 0
  if (length === 0 || NAME_AT + length > data.length) return null
  return {
    object: number(data, 0),
    isSubvolume: data[8] === ITEM.root,
    type: data[29]!,
    name: Buffer.from(data.subarray(NAME_AT, NAME_AT + length)),
  }
}

export class TreeWalk {
  readonly #volume: Volume
  readonly #subvolumes = new Map<number, Subvolume>()
  readonly #entered = new Map<number, BitPages>()
  readonly #counted = new Map<number, BitPages>()

  constructor(volume: Volume) {
    this.#volume = volume
  }

  *live(files: Subvolume): Generator<VolumeEntry> {
    yield* this.#below(files, FIRST_INODE, [], 'live')
  }

  /** Inodes and subvolumes that no name leads to: cut off by damage, or removed while open. Call it after `live`. */
  *unnamed(): Generator<VolumeEntry> {
    const { trees, rootTree, problems } = this.#volume
    for (const of of [...this.#subvolumes.values()]) yield* this.#unnamedIn(of)
    const ids = new Set<number>()
    const all = { object: FIRST_INODE, type: 0, offset: 0 }
    for (const { object, type, data } of trees.items(rootTree, all, () => true)) {
      const isInUse = data.length >= 220 && data.readUInt32LE(216) > 0
      if (type === ITEM.root && object >= FIRST_INODE && isInUse && !this.#subvolumes.has(object))
        ids.add(object)
    }
    for (const id of ids) {
      const of = this.#subvolumes.has(id) ? null : subvolumeOf(this.#volume, id)
      if (!of) continue
      problems.add('subvolume-without-name', id)
      yield* this.#below(of, FIRST_INODE, [ORPHAN, Buffer.from(`subvolume-${id}`)], 'orphan')
      yield* this.#unnamedIn(of)
    }
  }

  *#unnamedIn(of: Subvolume): Generator<VolumeEntry> {
    const { trees, problems } = this.#volume
    const counted = marked(this.#counted, of.id)
    const from = { object: FIRST_INODE + 1, type: 0, offset: 0 }
    for (const item of trees.items(of.root, from, () => true)) {
      if (item.type !== ITEM.inode || item.object <= FIRST_INODE || counted.has(item.object)) continue
      const inode = inodeOf(item, trees.superblock)
      if (!inode || inode.mode === 0) continue
      const isRemoved = inode.links === 0
      if (!isRemoved) problems.add('inode-without-name', inode.number)
      const top = of.id === FILES ? [] : [Buffer.from(`subvolume-${of.id}`)]
      const path = [ORPHAN, ...top, Buffer.from(`inode-${inode.number}`)]
      yield this.#entry(of, inode, path, 'orphan', [isRemoved ? 'removed-while-open' : 'inode-without-name'])
      if (inode.kind === 'directory') yield* this.#below(of, inode.number, path, 'orphan')
    }
  }

  *#below(
    top: Subvolume,
    first: number,
    topPath: readonly Buffer[],
    status: 'live' | 'orphan',
  ): Generator<VolumeEntry> {
    const { problems } = this.#volume
    const stack: Frame[] = []
    const enter = (of: Subvolume, directory: number, path: readonly Buffer[]) => {
      this.#subvolumes.set(of.id, of)
      if (!marked(this.#entered, of.id).add(directory)) problems.add('directory-linked-twice', directory)
      else if (stack.length >= DEPTH_MOST) problems.add('directory-too-deep', directory)
      else stack.push({ of, directory, path, names: this.#volume.trees.of(of.root, directory, ITEM.name) })
    }
    enter(top, first, topPath)
    for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
      const next = frame.names.next()
      if (next.done === true) {
        stack.pop()
        continue
      }
      const found = nameOf(next.value)
      if (!found) {
        problems.add('directory-damaged', frame.directory)
        continue
      }
      const { name, note } = nameInPath(found.name)
      const path = [...frame.path, name]
      const notes = note === null ? [] : [note]
      const inside = found.isSubvolume ? this.#subvolume(frame, found) : frame.of
      const inode = inside && inodeIn(this.#volume, inside, found.isSubvolume ? FIRST_INODE : found.object)
      if (!inside || !inode) {
        const isStub = found.isSubvolume && !inside
        if (!isStub) problems.add('entry-of-unused-inode', found.object)
        const named = nameOnly(path, direntKind(found.type), found.object)
        yield isStub ? stub(named, notes) : lostEntry(named, status, false, notes)
        continue
      }
      yield this.#entry(inside, inode, path, status, notes)
      if (inode.kind === 'directory') enter(inside, inode.number, path)
    }
  }

  /** A name leads into a subvolume where the root tree says the same; in a snapshot of the parent it does not. */
  #subvolume({ of, directory }: Frame, { object, name }: Name): Subvolume | null {
    const { trees, rootTree } = this.#volume
    const key = { object: of.id, type: ITEM.child, offset: object }
    for (const { data } of trees.items(
      rootTree,
      key,
      (at) => at.object === of.id && at.type === key.type && at.offset === object,
    )) {
      const isIt = data.length >= 18 && number(data, 0) === directory && data.subarray(18).equals(name)
      return isIt ? subvolumeOf(this.#volume, object) : null
    }
    return null
  }

  #entry(
    of: Subvolume,
    inode: Inode,
    path: readonly Buffer[],
    status: 'live' | 'orphan',
    notes: readonly string[],
  ): VolumeEntry {
    const { trees, tally, problems } = this.#volume
    const content = contentOf(inode, extentsOf(this.#volume, of, inode), trees.chunks)
    if (marked(this.#counted, of.id).add(inode.number)) {
      tally.content(content.stored, inode.kind === 'file' ? content.sizeBytes : null)
      if (content.place.kind === 'none' && content.place.reason === 'damaged')
        problems.add(content.place.detail, inode.number)
    }
    return entryOf(inode, content, path, status, [...notes, ...content.notes])
  }
}

function marked(sets: Map<number, BitPages>, tree: number): BitPages {
  const known = sets.get(tree) ?? new BitPages()
  sets.set(tree, known)
  return known
}

export function inodeIn({ trees }: Volume, { root }: Subvolume, object: number): Inode | null {
  if (object < 0) return null
  for (const item of trees.of(root, object, ITEM.inode)) return inodeOf(item, trees.superblock)
  return null
}

function* extentsOf(
  { trees }: Volume,
  { root }: Subvolume,
  { kind, number: object }: Inode,
): Generator<Item> {
  if (kind === 'file' || kind === 'symlink') yield* trees.of(root, object, ITEM.extent)
}

/** @param rootTree the tree to ask, today's by default */
export function subvolumeOf({ trees, rootTree }: Volume, id: number, inTree = rootTree): Subvolume | null {
  for (const { data } of trees.of(inTree, id, ITEM.root)) {
    if (data.length < 239) return null
    return { id, root: { address: number(data, 176), level: data[238]!, generation: number(data, 160) } }
  }
  return null
}

export function entryOf(
  inode: Inode,
  content: Content,
  path: readonly Buffer[],
  status: VolumeEntry['status'],
  notes: readonly string[],
): VolumeEntry {
  return {
    path,
    stream: null,
    kind: inode.kind,
    status,
    basis: status === 'live' ? null : status === 'orphan' ? 'inode' : 'checkpoint',
    record: inode.number,
    sequence: inode.generation,
    links: inode.links,
    sizeBytes: content.sizeBytes,
    allocatedBytes: inode.allocatedBytes,
    times: inode.times,
    nameTimes: null,
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
    linkTarget: content.linkTarget,
    place: content.place,
    notes,
  }
}

/** A snapshot keeps the name of a subvolume that was in its origin, and not the subvolume. */
function stub(named: ReturnType<typeof nameOnly>, notes: readonly string[]): VolumeEntry {
  return { ...named, status: 'live', basis: null, place: EMPTY, notes: ['subvolume-not-here', ...notes] }
}
