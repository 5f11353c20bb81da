/**
 * Deleted files of a container's volumes: from earlier checkpoints whose blocks were not all reused, and from tree
 * leaves in free blocks.
 * From the newest back, so that a file removed later gets its blocks first.
 */
import type { RecoveryBasis, VolumeEntry } from '../../../../contracts/image.ts'
import { type Container, checkpointOf } from './container.ts'
import { contentOf } from './content.ts'
import { asListed, type EarlierFile, earlierFiles, isAsBefore, isNameOnly, Paths } from './earlier-files.ts'
import { FileTree } from './file-tree.ts'
import { type Leaf, Leaves } from './leaves.ts'
import type { Inode } from './records.ts'
import { type Recovered, Recovery } from './recovery.ts'
import type { Space } from './space.ts'
import type { ContainerSuperblock } from './superblocks.ts'

/** A volume whose files are readable. */
export interface OpenVolume {
  readonly tree: FileTree
  readonly folder: Buffer
}

/** Most versions of files; each is given once. */
const VERSIONS_MOST = 1_000_000
/** Most versions without a complete record so far. */
const INCOMPLETE_MOST = 10_000
const ORPHAN = Buffer.from('$Orphan')

export class Versions {
  readonly #given = new Set<string>()

  /** Identifies a version of a file: a change sets another time, or another place. */
  static of({ inode, content }: EarlierFile, volume: string): string {
    // A folder changes with each name in it: the newest state is given. Two volumes that are not known may share a number.
    if (isNameOnly({ inode, content })) return `${volume} ${inode.id} ${inode.createdNs}`
    const first = content.layout.runs.find(({ offset }) => offset !== null)
    return `${Versions.timed({ inode, content }, volume)} ${first?.offset ?? inode.changedNs}`
  }

  /** The same for a record without the content's place. */
  static timed({ inode, content }: Pick<EarlierFile, 'inode' | 'content'>, volume: string): string {
    return [volume, inode.id, content.sizeBytes, inode.modifiedNs].join(' ')
  }

  /** True where versions were dropped of which an older part of a tree may have more. */
  hasLetGo = false

  get isFull(): boolean {
    return this.#given.size >= VERSIONS_MOST
  }

  has(version: string): boolean {
    return this.#given.has(version)
  }

  /** @returns true where the version is new */
  add(version: string): boolean {
    if (this.#given.has(version)) return false
    this.#given.add(version)
    return true
  }
}

/**
 * @param now transaction of the present checkpoint
 * @param given versions from snapshots, which are not repeated
 * @param unsought called with the offset behind which no leaves were searched; not called when all were
 */
export function* deletedFiles(
  container: Container,
  now: number,
  volumes: readonly OpenVolume[],
  space: Space,
  given: Versions,
  unsought: (offset: number) => void,
): Generator<VolumeEntry, void, undefined> {
  const { blocks } = container
  const recovery = new Recovery(blocks, space)
  const leaves = new Leaves(blocks, space.unallocated(), unsought)
  const steps: { readonly transaction: number; files(): Iterable<Found> }[] = [
    ...container.superblocks
      .filter(({ transaction }) => transaction < now)
      .map((superblock) => ({
        transaction: superblock.transaction,
        files: () => ofCheckpoint(container, superblock, volumes, leaves),
      })),
    ...leaves.newestFirst.map((leaf) => ({
      transaction: leaf.transaction,
      files: () => ofLeaf(container, leaves, leaf, volumes),
    })),
  ]
  const incomplete = new Map<string, Found>()
  for (const { transaction, files } of steps.sort((a, b) => b.transaction - a.transaction))
    for (const found of files()) {
      if (given.isFull) return
      const { file, volume } = found
      const timed = Versions.timed(file, volume)
      // An older part of the tree may contain more of this file.
      if (file.content.layout.problems.length > 0) {
        if (given.has(timed)) continue
        if (incomplete.size < INCOMPLETE_MOST || incomplete.has(timed)) incomplete.set(timed, found)
        else given.hasLetGo = true
        continue
      }
      incomplete.delete(timed)
      given.add(timed)
      if (given.add(Versions.of(file, volume)))
        yield* listed(found, recovery.contentOf(file.content, transaction))
    }
  for (const found of incomplete.values()) yield* listed(found, recovery.contentOf(found.file.content, 0))
}

/** For a file that exists today, an earlier version without readable content is left out. */
function listed(
  { file, basis, isThere }: Found,
  { content, isOverwritten }: Recovered,
): Iterable<VolumeEntry> {
  if (isThere && content.place.kind === 'none') return []
  return asListed({ ...file, content }, isOverwritten ? 'deleted-overwritten' : 'deleted', basis)
}

interface Found {
  readonly file: EarlierFile
  readonly basis: RecoveryBasis
  readonly volume: string
  /** The file is on the volume today, changed. */
  readonly isThere: boolean
}

/** An unreadable part of an earlier checkpoint is no damage: its block was reused. */
const GONE = (): void => {}

function* ofCheckpoint(
  container: Container,
  superblock: ContainerSuperblock,
  volumes: readonly OpenVolume[],
  leaves: Leaves,
): Generator<Found, void, undefined> {
  const { blocks } = container
  const checkpoint = checkpointOf(container, superblock, GONE)
  for (const { superblock: then } of checkpoint?.volumes ?? []) {
    const now = volumes.find(({ tree }) => tree.superblock.uuid === then.uuid)
    const tree = now && !then.isEncrypted ? FileTree.open(blocks, then, GONE) : null
    if (!now || tree === null) continue
    const lostFolder = (id: number): Inode | null => now.tree.inode(id) ?? leaves.folder(id)
    const state = { tree, folder: [now.folder], lostFolder }
    for (const file of earlierFiles(blocks, state, [now.tree]))
      yield {
        file,
        basis: 'checkpoint',
        volume: then.uuid,
        isThere: now.tree.inode(file.inode.id) !== null,
      }
  }
}

function* ofLeaf(
  { blocks }: Container,
  leaves: Leaves,
  leaf: Leaf,
  volumes: readonly OpenVolume[],
): Generator<Found, void, undefined> {
  // A node keeps its number when it is rewritten.
  const known = volumes.filter(({ tree }) => tree.hasNode(leaf.id))
  const only = known.length === 1 ? known[0] : volumes.length === 1 ? volumes[0] : undefined
  const pathsOf = new Map(
    volumes.map((one) => [one, new Paths({ inode: (id) => one.tree.inode(id) ?? leaves.folder(id) })]),
  )
  for (const { inode, attributes, otherNames } of leaves.inodesOf(leaf)) {
    // A node that no volume has now was of the one that has the file.
    const volume = only ?? volumes.find(({ tree }) => tree.inode(inode.id)?.createdNs === inode.createdNs)
    const paths = volume && pathsOf.get(volume)
    const now = volume?.tree.inode(inode.id)
    if (now && now.modifiedNs === inode.modifiedNs && now.changedNs === inode.changedNs) continue
    const source = {
      extents: (content: number, sizeBytes: number) => leaves.extents(content, sizeBytes, leaf, inode),
    }
    const content = contentOf(blocks, source, { inode, attributes })
    if (isNameOnly({ inode, content }) && now) continue
    if (volume && isAsBefore(blocks, volume.tree, inode, content)) continue
    const [path, ...otherPaths] = (paths?.all(inode, otherNames) ?? [[ORPHAN, ...Paths.nameless(inode)]]).map(
      (one) => (volume ? [volume.folder, ...one] : one),
    ) as [Buffer[], ...Buffer[][]]
    const file = { inode, content, path, otherPaths }
    const uuid = volume?.tree.superblock.uuid ?? ''
    yield { file, basis: 'free-leaf', volume: uuid, isThere: Boolean(now) }
  }
}
