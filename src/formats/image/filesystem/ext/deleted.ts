/**
 * Deleted contents of a volume: unused inodes, ended lives of reused inodes, and remaining names.
 *
 * Names and lives come from different sources. A name belongs to the life that had begun when the name was last seen.
 */
import type { VolumeEntry } from '../../../../contracts/image.ts'
import { BitPages } from '../common/bit-pages.ts'
import { direntKind, nameOnly } from '../common/name-only.ts'
import { EMPTY } from './content.ts'
import { identity } from './entry.ts'
import type { Groups } from './groups.ts'
import { History } from './history.ts'
import type { Inode } from './inode.ts'
import type { Journal } from './journal.ts'
import { isInUse, unnamedInodes } from './lost-and-deleted.ts'
import { type PastName, PastNames } from './names.ts'
import { PastPaths } from './past-paths.ts'
import { type Recovered, Recovery } from './recover.ts'
import type { Directory, Tree, Volume } from './tree.ts'
import { hasContents, type Version, Versions } from './versions.ts'

/** One ended life of an inode, of which a part may remain. */
interface Life {
  readonly number: number
  /** Its state in the journal; null: the slot of the inode still has it. */
  readonly told: Version | null
  /** Seconds since 1970: its deletion or its last known change. */
  readonly ended: number
}

export class Deleted {
  readonly #volume: Volume
  readonly #groups: Groups
  readonly #history: History
  readonly #names: PastNames
  readonly #versions: Versions

  constructor(volume: Volume, groups: Groups, journal: Journal | null) {
    this.#volume = volume
    this.#groups = groups
    this.#history = new History(journal)
    const { superblock, blocks, inodes } = volume
    this.#versions = new Versions(superblock, blocks, inodes, this.#history, (inode) => this.#isLive(inode))
    this.#names = new PastNames(superblock, blocks, this.#history, this.#versions)
  }

  /** Keeps the removed names of a live directory after its walk. */
  left(directory: Directory, tree: Tree): void {
    this.#names.ofLive(directory.inode, directory.path, () => tree.stored(directory.inode))
  }

  /** Inodes in use without a name, with the entries below them; then all deleted ones. */
  *entries(tree: Tree): Generator<VolumeEntry> {
    const { blocks, inodes, usage, problems } = this.#volume
    const unnamed = unnamedInodes(this.#groups, blocks, (inode) => tree.named.has(inode))
    const recovery = new Recovery(this.#groups, blocks, this.#history, usage)
    const lives = this.#lives(unnamed.deleted)
    for (const life of lives) {
      const inode = this.#inodeOf(life)
      if (inode?.kind !== 'directory' || !hasContents(inode)) continue
      this.#names.ofDeleted(inode, recovery.blocksOf(inode, orderOf(life)), (block) => recovery.isFree(block))
    }
    this.#names.ofUnknown((number) => this.#isLiveNumber(number))
    if (this.#names.full) problems.add('removed-names-too-many', null)

    const paths = new PastPaths(this.#names, this.#versions)
    yield* this.#lost(unnamed.lost, tree, paths)
    // The last deleted life gets blocks that it shares with others, so it is asked first.
    lives.sort((a, b) => b.ended - a.ended)
    const { named, others } = this.#nameEach(lives, unnamed.deleted)
    for (const life of lives) {
      const inode = this.#inodeOf(life)
      if (!inode) continue
      const recovered = recovery.contentOf(inode, orderOf(life), life.told?.freed ?? null)
      yield* ended(inode, orderOf(life), recovered, pathsOf(life, named.get(life) ?? [], paths))
    }
    const alive = new Set(lives.map(({ number }) => number))
    for (const number of unnamed.deleted) {
      const inode = alive.has(number) ? null : inodes.inode(number)
      if (inode)
        yield* ended(inode, null, NOTHING, pathsOf({ number, told: null }, this.#names.of(number), paths))
    }
    for (const name of others) yield this.#onlyName(name, paths)
    for (const name of this.#names.ofNothing) yield this.#onlyName(name, paths)
  }

  #inodeOf({ number, told }: Life): Inode | null {
    return told?.inode ?? this.#volume.inodes.inode(number)
  }

  #isLive(inode: Inode): boolean {
    const index = inode.number - 1
    const { inodesPerGroup } = this.#volume.superblock
    const bitmap = this.#groups.inodeBitmap(Math.floor(index / inodesPerGroup))
    return inode.mode !== 0 && isInUse(inode, bitmap, index % inodesPerGroup)
  }

  #isLiveNumber(number: number): boolean {
    const inode = this.#volume.inodes.inode(number)
    return inode !== null && this.#isLive(inode)
  }

  /** Lives in the journal, and lives whose slots still have their content's place. */
  #lives(deleted: readonly number[]): Life[] {
    const lives: Life[] = []
    const told = new Set<number>()
    for (const number of this.#versions.inodes()) {
      told.add(number)
      const now = this.#volume.inodes.inode(number)
      for (const version of this.#versions.of(number)) {
        if (version.live || !version.inode) continue
        const last = now?.generation === version.generation ? now : version.inode
        lives.push({ number, told: version, ended: endOf(last) })
      }
    }
    for (const number of deleted) {
      const inode = told.has(number) ? null : this.#volume.inodes.inode(number)
      if (inode && hasContents(inode)) lives.push({ number, told: null, ended: endOf(inode) })
    }
    return lives
  }

  /** Assigns names to lives; `others` belong to no known ended life. */
  #nameEach(
    lives: readonly Life[],
    deleted: readonly number[],
  ): { named: ReadonlyMap<Life, PastName[]>; others: PastName[] } {
    const byInode = new Map<number, Life[]>()
    for (const life of lives) {
      const known = byInode.get(life.number)
      if (known) known.push(life)
      else byInode.set(life.number, [life])
    }
    const ended = new BitPages()
    for (const number of deleted) ended.add(number)
    const named = new Map<Life, PastName[]>()
    const others: PastName[] = []
    for (const number of this.#names.inodes()) {
      const known = byInode.get(number)
      // Only its slot remains, and gets all its names.
      if (!known && ended.has(number)) continue
      for (const name of this.#names.of(number)) {
        const life = known?.find(({ told }) => told === name.life) ?? null
        const names = life && (named.get(life) ?? [])
        if (!life || !names) others.push(name)
        else named.set(life, [...names, name])
      }
    }
    return { named, others }
  }

  *#lost(lost: readonly number[], tree: Tree, paths: PastPaths): Generator<VolumeEntry> {
    const { inodes, problems } = this.#volume
    const directories = new Set(lost.filter((number) => inodes.inode(number)?.kind === 'directory'))
    // Directories inside another deleted one are listed with it.
    for (const number of directories) {
      const inode = inodes.inode(number)
      if (inode) for (const child of tree.childrenOf(inode)) if (child !== number) directories.delete(child)
    }
    const all = [...directories, ...lost]
    for (const number of all) {
      const inode = inodes.inode(number)
      if (!inode || !tree.named.add(number)) continue
      const removed = inode.links === 0
      if (!removed) problems.add('inode-without-name', number)
      const path = paths.of(number, this.#versions.of(number).at(-1) ?? null)
      yield tree.entry(inode, path, 'orphan', [removed ? 'removed-while-open' : 'inode-without-name'], true)
      if (inode.kind === 'directory') yield* tree.below({ inode, path }, 'orphan')
    }
  }

  #onlyName(name: PastName, paths: PastPaths): VolumeEntry {
    const inUse = name.inode !== 0 && this.#isLiveNumber(name.inode)
    return {
      ...nameOnly(
        paths.ofName(name),
        direntKind(name.type),
        name.inode === 0 ? name.offset : name.inode,
        's',
      ),
      status: 'deleted',
      basis: name.order === null ? 'directory-slack' : 'journal',
      place: NOT_RECORDED,
      notes: inUse ? ['inode-in-use-again'] : [],
    }
  }
}

const orderOf = ({ told }: Life): number | null => told?.order ?? null

/**
 * Time of deletion, or of the last change: the field for deletion has another use while an inode waits for deletion.
 */
const endOf = (inode: Inode): number => Math.max(inode.deletedSeconds, inode.raw.readUInt32LE(12))

const pathsOf = (
  { number, told }: Pick<Life, 'number' | 'told'>,
  names: readonly PastName[],
  paths: PastPaths,
): (readonly Buffer[])[] =>
  names.length === 0 ? [paths.of(number, told)] : names.map((name) => paths.ofName(name))

/** The entries of a life that ended, one a name. */
function* ended(
  inode: Inode,
  order: number | null,
  recovered: Recovered,
  paths: readonly (readonly Buffer[])[],
): Generator<VolumeEntry> {
  const { kind } = inode
  // A size of zero may come from the deletion; only for an inode in use it means an empty file.
  const unknown = kind === 'file' && !hasContents(inode) && (order === null || inode.links === 0)
  for (const path of paths) {
    yield {
      ...identity(inode, path),
      status: recovered.overwritten ? 'deleted-overwritten' : 'deleted',
      basis: order === null ? 'inode' : 'journal',
      sizeBytes: kind === 'file' || kind === 'symlink' || kind === 'directory' ? inode.sizeBytes : 0,
      linkTarget: recovered.linkTarget,
      place: unknown ? NOT_RECORDED : recovered.place,
      notes: recovered.notes,
    }
  }
}

const NOT_RECORDED: VolumeEntry['place'] = { kind: 'none', reason: 'not-recorded', detail: '' }
const NOTHING: Recovered = { place: EMPTY, linkTarget: null, overwritten: false, notes: [] }
