/**
 * A container in the state of one of its checkpoints: the newest, or an earlier one whose blocks were not all reused.
 *
 * Superblocks are written in turn in a ring; the one in the first block is a copy, which may be old.
 */
import type { Medium } from '../../../../contracts/image.ts'
import { readAt, u64 } from '../../content/read-at.ts'
import { Blocks, checksumAgrees, headerOf, OBJECT } from './blocks.ts'
import { ObjectMap } from './object-map.ts'
import {
  type ContainerSuperblock,
  containerSuperblock,
  hasContainerMagic,
  isOfOtherKind,
  type VolumeSuperblock,
  volumeSuperblock,
} from './superblocks.ts'

/** Of a ring of descriptors; Apple writes a few hundred. */
const RING_MOST = 65_536
/** Blocks in which a superblock is searched when the first block is lost. */
const COPY_WITHIN = 64
const SMALLEST_BLOCK = 4096

export interface VolumeState {
  /** Its place in the container, from 1 on. */
  readonly number: number
  readonly superblock: VolumeSuperblock
}

export interface Checkpoint {
  readonly superblock: ContainerSuperblock
  readonly objects: ObjectMap
  readonly volumes: readonly VolumeState[]
  /** Numbers of volumes with an unreadable superblock. */
  readonly lostVolumes: readonly number[]
}

export interface Container {
  readonly blocks: Blocks
  /** Superblocks of all checkpoints that still have one, newest first. */
  readonly superblocks: readonly ContainerSuperblock[]
  readonly isFromCopy: boolean
  /** The ring of checkpoints lies in pieces, which are not read: the one known may be old. */
  readonly isInPieces: boolean
}

export function isContainer(volume: Medium): boolean {
  const first = readAt(volume, 0, SMALLEST_BLOCK)
  return hasContainerMagic(first) && !isOfOtherKind(first)
}

/** For containers whose first block is overwritten. */
export function hasCopy(volume: Medium): boolean {
  const copy = copyOf(volume)
  return copy !== null
}

/** @returns null where neither the first block nor a copy is a superblock */
export function openContainer(volume: Medium): Container | null {
  const first = containerSuperblock(readAt(volume, 0, 65_536))
  const found = first ?? copyOf(volume)
  if (found === null) return null
  const blocks = new Blocks(volume, found.blockBytes, found.blocks)
  const all = new Map([[found.transaction, found]])
  const { first: from, blocks: count, isContiguous } = found.descriptors
  if (isContiguous)
    for (let index = 0; index < Math.min(count, RING_MOST, blocks.count); index++) {
      const bytes = blocks.read(from + index)
      const superblock = bytes === null ? null : containerSuperblock(bytes)
      if (superblock !== null && superblock.blockBytes === found.blockBytes && superblock.uuid === found.uuid)
        all.set(superblock.transaction, superblock)
    }
  const superblocks = [...all.values()].sort((a, b) => b.transaction - a.transaction)
  return { blocks, superblocks, isFromCopy: first === null, isInPieces: !isContiguous }
}

function copyOf(volume: Medium): ContainerSuperblock | null {
  for (let at = 0; at < COPY_WITHIN; at++) {
    const bytes = readAt(volume, at * SMALLEST_BLOCK, 65_536)
    const superblock = hasContainerMagic(bytes) && !isOfOtherKind(bytes) ? containerSuperblock(bytes) : null
    if (superblock !== null) return superblock
  }
  return null
}

/** @returns null where its object map is lost */
export function checkpointOf(
  { blocks }: Container,
  superblock: ContainerSuperblock,
  damaged: (block: number) => void,
): Checkpoint | null {
  const { transaction } = superblock
  const objects = ObjectMap.open(
    blocks,
    superblock.objectMap,
    { written: transaction, asOf: transaction },
    damaged,
  )
  if (objects === null) return null
  const volumes: VolumeState[] = []
  const lostVolumes: number[] = []
  for (const [index, id] of superblock.volumes.entries()) {
    if (id === 0) continue
    const mapped = objects.lookUp(id)
    const bytes = mapped === null ? null : blocks.object(mapped.block, OBJECT.volume)
    const isIt = bytes !== null && headerOf(bytes).id === id && headerOf(bytes).transaction <= transaction
    const found = isIt ? volumeSuperblock(bytes) : null
    if (found === null) lostVolumes.push(index + 1)
    else volumes.push({ number: index + 1, superblock: found })
  }
  return { superblock, objects, volumes, lostVolumes }
}

/** Place of an object that is rewritten with each checkpoint. */
export interface Ephemeral {
  readonly block: number
  readonly bytes: number
}

/** Objects of a checkpoint that its maps name, by their number. */
export function ephemeralObjects(
  { blocks }: Container,
  { descriptors, firstMap, mapBlocks, transaction }: ContainerSuperblock,
): ReadonlyMap<number, Ephemeral> {
  const found = new Map<number, Ephemeral>()
  const ring = Math.min(descriptors.blocks, RING_MOST)
  for (let turn = 0; turn < Math.min(mapBlocks, ring); turn++) {
    const bytes = blocks.read(descriptors.first + ((firstMap + turn) % ring))
    if (bytes === null) continue
    const header = headerOf(bytes)
    if (header.type !== OBJECT.checkpointMap || header.transaction !== transaction) continue
    if (!checksumAgrees(bytes)) continue
    const most = Math.floor((bytes.length - 40) / 40)
    for (let index = 0; index < Math.min(most, bytes.readUInt32LE(36)); index++) {
      const at = 40 + index * 40
      found.set(u64(bytes, at + 24), { block: u64(bytes, at + 32), bytes: bytes.readUInt32LE(at + 8) })
    }
  }
  return found
}
