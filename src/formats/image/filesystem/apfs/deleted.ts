/**
 * What was removed from the volumes of a container: files of earlier checkpoints whose blocks were not all used again, and files of
 * leaves that lie in free blocks. From the newest back, so that what was removed later has its blocks first.
 */
import type { RecoveryBasis, VolumeEntry } from '../../../../contracts/image.ts'
import { type Container, checkpointOf } from './container.ts'
import { contentOf } from './content.ts'
import { asListed, type EarlierFile, earlierFiles, isAsBefore, Paths } from './earlier-files.ts'
import { isFolder } from './entry.ts'
import { FileTree } from './file-tree.ts'
import { type Leaf, Leaves } from './leaves.ts'
import { type Recovered, Recovery } from './recovery.ts'
import type { Space } from './space.ts'
import type { ContainerSuperblock } from './superblocks.ts'

/** A volume that is read. */
export interface OpenVolume {
  readonly tree: FileTree
  readonly folder: Buffer
}

/** Versions of files, each given once. */
const VERSIONS_MOST = 1_000_000
/** Versions of which no whole record was found yet. */
const INCOMPLETE_MOST = 10_000
const ORPHAN = Buffer.from('$Orphan')

export class Versions {
  readonly #given = new Set<string>()

  /** What is changed is changed at another time, or stored elsewhere. */
  static of({ inode, content }: EarlierFile, volume: string): string {
    const first = content.layout.runs.find(({ offset }) => offset !== null)
    return `${Versions.timed({ inode, content }, volume)} ${first?.offset ?? inode.changedNs}`
  }

  /** As much of it as a record says that does not say where it lies. */
  static timed({ inode, content }: Pick<EarlierFile, 'inode' | 'content'>, volume: string): string {
    return [volume, inode.id, content.sizeBytes, inode.modifiedNs].join(' ')
  }

  /** Some were let go that an older part of a tree might have said more of. */
  hasLetGo = false

  get isFull(): boolean {
    return this.#given.size >= VERSIONS_MOST
  }

  has(version: string): boolean {
    return this.#given.has(version)
  }

  /** @returns whether it was not given before */
  add(version: string): boolean {
    if (this.#given.has(version)) return false
    this.#given.add(version)
    return true
  }
}

/**
 * @param now   transaction of the checkpoint that is read
 * @param given versions that snapshots gave, which are not given again
 * @param unsought called with the offset from which on no leaves were looked for, if they were not everywhere
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
        files: () => ofCheckpoint(container, superblock, volumes),
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
      // A part of the tree that is older may say more of it.
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

/** Of a file that is there today, what it was before says nothing where that is gone. */
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

/** What could not be read any more is nothing wrong: it was used again. */
const GONE = (): void => {}

function* ofCheckpoint(
  container: Container,
  superblock: ContainerSuperblock,
  volumes: readonly OpenVolume[],
): Generator<Found, void, undefined> {
  const { blocks } = container
  const checkpoint = checkpointOf(container, superblock, GONE)
  for (const { superblock: then } of checkpoint?.volumes ?? []) {
    const now = volumes.find(({ tree }) => tree.superblock.uuid === then.uuid)
    const tree = now && !then.isEncrypted ? FileTree.open(blocks, then, GONE) : null
    if (!now || tree === null) continue
    const state = { tree, folder: [now.folder] }
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
  // A node keeps its number when it is written anew.
  const known = volumes.filter(({ tree }) => tree.hasNode(leaf.id))
  const volume = known.length === 1 ? known[0] : volumes.length === 1 ? volumes[0] : undefined
  const paths = volume && new Paths({ inode: (id) => volume.tree.inode(id) ?? leaves.folder(id) })
  for (const { inode, attributes } of leaves.inodesOf(leaf)) {
    if (isFolder(inode)) continue
    const now = volume?.tree.inode(inode.id)
    if (now && now.modifiedNs === inode.modifiedNs && now.changedNs === inode.changedNs) continue
    const source = {
      extents: (content: number, sizeBytes: number) => leaves.extents(content, sizeBytes, leaf),
    }
    const content = contentOf(blocks, source, { inode, attributes })
    if (content.sizeBytes === 0 && content.streams.length === 0) continue
    if (volume && isAsBefore(blocks, volume.tree, inode, content)) continue
    const path = paths?.of(inode) ?? [ORPHAN, ...Paths.nameless(inode)]
    const file = { inode, content, path: volume ? [volume.folder, ...path] : path }
    const uuid = volume?.tree.superblock.uuid ?? ''
    yield { file, basis: 'free-leaf', volume: uuid, isThere: Boolean(now) }
  }
}
