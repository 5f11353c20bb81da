/**
 * Files of an earlier state of a volume whose content differs from that of a later one: changed since, or removed.
 *
 * Tree leaves that both states share are skipped, so unchanged files cost no time.
 */
import type { RecoveryBasis, VolumeEntry } from '../../../../contracts/image.ts'
import { Recent } from '../../content/recent.ts'
import { runsContent } from '../../content/runs.ts'
import type { Blocks } from './blocks.ts'
import { type Content, contentOf, type Placed } from './content.ts'
import { entriesOf, isFolder, shownName } from './entry.ts'
import type { FileTree } from './file-tree.ts'
import type { Inode, OtherName } from './records.ts'

const ROOT = 2
const FOLDERS_KEPT = 10_000
/** A path of macOS has 1,024 bytes. */
const DEPTH_MOST = 512
/** Attributes inside records move with them, so they are compared byte by byte. */
const COMPARED_BYTES = 64 * 1024

export interface EarlierState {
  readonly tree: FileTree
  /** Folder under which its files are listed. */
  readonly folder: readonly Buffer[]
  /** Finds a folder of which the state itself has lost the record. */
  readonly lostFolder?: (id: number) => Inode | null
}

/** A file in its earlier state, with all of its contents. */
export interface EarlierFile {
  readonly inode: Inode
  readonly content: Content
  readonly path: readonly Buffer[]
  /** Further names of the same file. */
  readonly otherPaths: readonly (readonly Buffer[])[]
}

/**
 * A folder, and a file without content, are given where no later state has them.
 * @param later states that followed; a file that is unchanged in one of them is left out
 */
export function* earlierFiles(
  blocks: Blocks,
  { tree, folder, lostFolder }: EarlierState,
  later: readonly FileTree[],
): Generator<EarlierFile, void, undefined> {
  const paths = new Paths({ inode: (id) => tree.inode(id) ?? lostFolder?.(id) ?? null })
  for (const inode of tree.inodes(later[0])) {
    const object = tree.object(inode.id)
    if (object === null) continue
    const content = contentOf(blocks, tree, object)
    const isThere = isNameOnly({ inode, content })
      ? later.some((one) => one.inode(inode.id) !== null)
      : later.some((one) => isAsBefore(blocks, one, inode, content))
    if (isThere) continue
    const [path, ...otherPaths] = paths.all(inode, tree.otherNames(inode.id))
    yield {
      ...{ inode, content, path: [...folder, ...(path as readonly Buffer[])] },
      otherPaths: otherPaths.map((other) => [...folder, ...other]),
    }
  }
}

/** A folder, or a file without any content. */
export function isNameOnly({ inode, content }: Pick<EarlierFile, 'inode' | 'content'>): boolean {
  return isFolder(inode) || (content.sizeBytes === 0 && content.streams.length === 0)
}

export function* asListed(
  { inode, content, path, otherPaths }: EarlierFile,
  status: VolumeEntry['status'],
  basis: RecoveryBasis,
): Generator<VolumeEntry, void, undefined> {
  yield* entriesOf(inode, content, { path, status, basis, notes: [] })
  // Its streams are listed once.
  for (const other of otherPaths)
    yield* entriesOf(inode, { ...content, streams: [] }, { path: other, status, basis, notes: [] })
}

/** Whether a later state has the file with the content that it had. */
export function isAsBefore(blocks: Blocks, later: FileTree, inode: Inode, content: Content): boolean {
  const object = later.object(inode.id)
  if (object === null) return false
  const now = contentOf(blocks, later, object)
  // Where a part of the earlier content is lost, the modification time decides.
  if (content.layout.problems.length > 0 && now.sizeBytes === content.sizeBytes)
    return object.inode.modifiedNs === inode.modifiedNs
  return isSame(blocks, now, content)
}

function isSame(blocks: Blocks, now: Content, then: Content): boolean {
  const parts = (content: Content) => [content, ...content.streams]
  const [later, before] = [parts(now), parts(then)]
  return (
    later.length === before.length &&
    sameTarget(now.linkTarget, then.linkTarget) &&
    before.every((part, index) => samePart(blocks, part, later[index] as Placed))
  )
}

const sameTarget = (a: Buffer | null, b: Buffer | null): boolean =>
  a === null || b === null ? a === b : a.equals(b)

function samePart(blocks: Blocks, one: Placed, other: Placed): boolean {
  if (one.sizeBytes !== other.sizeBytes || one.place.kind !== other.place.kind) return false
  if (JSON.stringify(one.place) === JSON.stringify(other.place)) return true
  if (one.place.kind !== 'runs' || other.place.kind !== 'runs' || one.sizeBytes > COMPARED_BYTES) return false
  const [a, b] = [one.place.runs, other.place.runs].map((runs) => {
    const bytes = Buffer.alloc(one.sizeBytes)
    runsContent(blocks.medium, runs, one.sizeBytes, one.sizeBytes).readInto(bytes, 0)
    return bytes
  })
  return (a as Buffer).equals(b as Buffer)
}

/** Finds the inode of a number. */
export interface InodeSource {
  inode(id: number): Inode | null
}

/** Paths by the names and the folders that inodes state. */
export class Paths {
  readonly #inodes: InodeSource
  readonly #folders = new Recent<number, readonly Buffer[]>(FOLDERS_KEPT)

  constructor(inodes: InodeSource) {
    this.#inodes = inodes
  }

  of(inode: Inode): readonly Buffer[] {
    return [...this.#folder(inode.parent, DEPTH_MOST), nameOf(inode)]
  }

  /** The path by its own record, then those of its other names. */
  all(inode: Inode, names: Iterable<OtherName>): readonly (readonly Buffer[])[] {
    const found = new Map([[keyOf(inode.parent, inode.name), this.of(inode)]])
    for (const { parent, name } of names) {
      const path = [...this.#folder(parent, DEPTH_MOST), shownName(name).name]
      if (!found.has(keyOf(parent, name))) found.set(keyOf(parent, name), path)
    }
    return [...found.values()]
  }

  /** Path of a file whose folder is unknown. */
  static nameless(inode: Inode): readonly Buffer[] {
    return [nameOf(inode)]
  }

  #folder(id: number, depth: number): readonly Buffer[] {
    if (id === ROOT) return []
    return this.#folders.get(id, () => {
      const inode = depth === 0 ? null : this.#inodes.inode(id)
      if (inode === null) return [ORPHAN]
      // Above the root: special folders.
      if (inode.parent <= 1) return [Buffer.concat([DOLLAR, nameOf(inode)])]
      return [...this.#folder(inode.parent, depth - 1), nameOf(inode)]
    })
  }
}

const keyOf = (parent: number, name: Buffer): string => `${parent} ${name.toString('latin1')}`
const ORPHAN = Buffer.from('$Orphan')
const DOLLAR = Buffer.from('$')

const nameOf = ({ name, id }: Inode): Buffer =>
  name.length > 0 ? shownName(name).name : Buffer.from(`${id}`)
