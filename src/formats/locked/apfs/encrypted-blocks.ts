/**
 * Which blocks of a container a volume's key decrypts: nodes of the file tree that the object map calls encrypted, contents by
 * their extents, and free blocks, where deleted files of the volume lie. All other blocks in use are stored as they are.
 */
import type { UnlockedRun } from '../../../contracts/lock.ts'
import { u64 } from '../../image/content/read-at.ts'
import { type Blocks, checksumAgrees, headerOf, OBJECT } from '../../image/filesystem/apfs/blocks.ts'
import { type Container, checkpointOf, ephemeralObjects } from '../../image/filesystem/apfs/container.ts'
import { keyed } from '../../image/filesystem/apfs/file-id.ts'
import { Node } from '../../image/filesystem/apfs/node.ts'
import { ObjectMap } from '../../image/filesystem/apfs/object-map.ts'
import { extentOf, RECORD } from '../../image/filesystem/apfs/records.ts'
import { snapshotsOf } from '../../image/filesystem/apfs/snapshots.ts'
import { Space } from '../../image/filesystem/apfs/space.ts'
import type { VolumeSuperblock } from '../../image/filesystem/apfs/superblocks.ts'

const SECTOR_BYTES = 512
/** Numbers of blocks: no disk has more. */
const TWEAK_MOST = 2 ** 44
const NOTHING = (): void => {}

export interface KeyedVolume {
  readonly superblock: VolumeSuperblock
  /** Index of its key. */
  readonly key: number
  /** The container with every block decrypted by that key. */
  readonly decrypted: Blocks
}

/** Blocks that follow each other, and the number that their first has in its tweak. */
interface Piece {
  readonly block: number
  readonly count: number
  readonly tweak: number
  readonly key: number
}

/** @returns null: the root of a volume's tree cannot be read with its key */
export function encryptedRuns(
  container: Container,
  volumes: readonly KeyedVolume[],
  moved: () => void,
): UnlockedRun[] | null {
  const { blocks } = container
  const pieces: Piece[] = []
  for (const volume of volumes) {
    const found = piecesOf(blocks, volume, moved)
    if (found === null) return null
    pieces.push(...found)
  }
  const { blockBytes, count } = blocks
  for (const { offset, length } of freeIn(container)) {
    const block = offset / blockBytes
    const free = Math.min(length / blockBytes, count - block)
    if (free > 0) pieces.push({ block, count: free, tweak: block, key: 0 })
  }
  return runsOf(pieces, blockBytes, blocks.medium.sizeBytes)
}

function freeIn(container: Container) {
  const [superblock] = container.superblocks
  if (superblock === undefined || checkpointOf(container, superblock, NOTHING) === null) return []
  const ephemeral = ephemeralObjects(container, superblock)
  const space = new Space(container.blocks, ephemeral, superblock.spaceManager, NOTHING)
  space.settle()
  return space.unallocated()
}

function piecesOf(
  plain: Blocks,
  { superblock, key, decrypted }: KeyedVolume,
  moved: () => void,
): Piece[] | null {
  const written = superblock.transaction
  const states = [
    superblock.transaction,
    ...snapshotsOf(plain, superblock, NOTHING).map((one) => one.transaction),
  ]
  const seen = new Set<number>()
  const pieces: Piece[] = []
  let hasRoot = false
  for (const asOf of states) {
    const map = ObjectMap.open(plain, superblock.objectMap, { written, asOf }, NOTHING)
    for (const { id, mapped } of map?.all() ?? []) {
      if (!mapped.isEncrypted || !mapped.hasHeader || seen.has(mapped.block)) continue
      seen.add(mapped.block)
      if (seen.size % 1024 === 0) moved()
      const bytes = decrypted.read(mapped.block)
      if (bytes === null || headerOf(bytes).id !== id || !checksumAgrees(bytes)) continue
      hasRoot ||= asOf === superblock.transaction && id === superblock.fileTree
      pieces.push({ block: mapped.block, count: 1, tweak: mapped.block, key })
      if (headerOf(bytes).subtype === OBJECT.fileTree)
        pieces.push(...extentsIn(new Node(mapped.block, bytes, null), decrypted.blockBytes, key))
    }
  }
  return hasRoot ? pieces : null
}

function* extentsIn(node: Node, blockBytes: number, key: number): Generator<Piece> {
  for (let index = 0; node.isLeaf && index < node.count; index++) {
    const record = node.record(index)
    if (record === null || keyed(record.key).type !== RECORD.extent || record.value.length < 24) continue
    const extent = extentOf(record.key, record.value)
    const tweak = u64(record.value, 16)
    if (extent === null || extent.block === null || !(tweak <= TWEAK_MOST)) continue
    yield {
      block: extent.block,
      count: Math.ceil(extent.length / blockBytes),
      tweak,
      key,
    }
  }
}

/** In order and without gaps; what no piece covers is stored as it is. Of pieces that overlap the first counts. */
function runsOf(pieces: readonly Piece[], blockBytes: number, sizeBytes: number): UnlockedRun[] {
  const runs: { length: number; from: number; key: number | null; ivStart: number }[] = []
  const perBlock = blockBytes / SECTOR_BYTES
  let end = 0
  const add = (length: number, key: number | null, ivStart: number) => {
    if (length <= 0) return
    const last = runs.at(-1)
    const goesOn =
      last?.key === key && (key === null || last.ivStart + last.length / SECTOR_BYTES === ivStart)
    if (last && goesOn) last.length += length
    else runs.push({ length, from: end, key, ivStart })
    end += length
  }
  for (const { block, count, tweak, key } of [...pieces].sort(
    (a, b) => a.block - b.block || b.count - a.count,
  )) {
    const skipped = Math.max(0, Math.ceil(end / blockBytes) - block)
    const from = (block + skipped) * blockBytes
    const length = Math.min((count - skipped) * blockBytes, sizeBytes - from)
    if (length <= 0) continue
    add(from - end, null, 0)
    add(length - (length % SECTOR_BYTES), key, (tweak + skipped) * perBlock)
  }
  add(sizeBytes - end, null, 0)
  return runs
}
