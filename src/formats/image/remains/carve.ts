/**
 * Carves files in free space: at each cluster the carvers are tried, and a file that one walks to its end is skipped.
 *
 * Contents are assumed to be in one piece: for the carver a fragmented file ends where its structure stops making
 * sense. A PNG alone is put together from pieces: each part of it has a checksum, so a false piece cannot pass. A false
 * piece of a JPEG can (docs/decisions/0065).
 */
import type { ByteRange, Medium } from '../../../contracts/image.ts'
import { type Assembled, assembled } from './assemble.ts'
import { type CarvedLength, type Carver, HEAD_BYTES } from './common/carver.ts'
import type { FreeClusters } from './free-clusters.ts'
import { PngWalk } from './png-walk.ts'

export interface CarvedFile extends ByteRange, CarvedLength {
  /** Of a file that was put together: its pieces. */
  readonly runs?: readonly ByteRange[]
  readonly name: string
  readonly mediaType: string
}

export interface CarveLimits {
  /** Most bytes of a walked file. */
  readonly fileBytes: number
}

export interface CarveCounts {
  /** Number of cluster starts that were tried. */
  starts: number
  /** Starts that a carver recognised, and those of them that its walk refused. */
  candidates: number
  refused: number
}

const PIECE_BYTES = 1 << 20
/** Clusters of a volume that are tried for files of several pieces. */
const MOST_TRIED = 1 << 19

/**
 * @param ranges free ranges in order; each begins at a cluster
 * @param grid bytes between two possible starts of a file: the volume's cluster size
 * @param counts updated during the walk
 * @param free clusters of which a file may be put together; null: none is
 */
export function* carve(
  volume: Medium,
  ranges: Iterable<ByteRange>,
  grid: number,
  carvers: readonly Carver[],
  { fileBytes }: CarveLimits,
  counts: CarveCounts = { starts: 0, candidates: 0, refused: 0 },
  free: FreeClusters | null = null,
): IterableIterator<CarvedFile> {
  const piece = Buffer.alloc(PIECE_BYTES + HEAD_BYTES)
  const budget = { clusters: MOST_TRIED }
  for (const range of ranges) {
    const end = range.offset + range.length
    let held = { from: 0, length: 0 }
    for (let at = range.offset; at < end; ) {
      if (at < held.from || at + HEAD_BYTES > held.from + held.length) {
        const wanted = piece.subarray(0, Math.min(piece.length, end - at))
        held = { from: at, length: volume.readInto(wanted, at) }
        if (held.length === 0) break
      }
      const head = piece.subarray(at - held.from, Math.min(at - held.from + HEAD_BYTES, held.length))
      counts.starts++
      const found = firstOf(volume, at, Math.min(end - at, fileBytes), grid, head, carvers, counts)
      const whole = found && !found.complete && free ? ofPieces(volume, found, free, budget) : null
      if (found) yield whole ?? found
      // A complete file contains no other that begins at a cluster; a broken one may.
      at += found?.complete ? Math.max(1, Math.ceil(found.length / grid)) * grid : grid
    }
  }
}

function firstOf(
  volume: Medium,
  offset: number,
  room: number,
  grid: number,
  head: Buffer,
  carvers: readonly Carver[],
  counts: CarveCounts,
): CarvedFile | null {
  for (const carver of carvers) {
    if (!carver.begins(head)) continue
    counts.candidates++
    const { name, mediaType } = carver
    const walked = carver.lengthOf(volume, offset, room, grid)
    if (walked) return { offset, ...walked, name, mediaType }
    counts.refused++
  }
  return null
}

function ofPieces(
  volume: Medium,
  found: CarvedFile,
  free: FreeClusters,
  budget: { clusters: number },
): CarvedFile | null {
  if (found.name !== 'png') return null
  const { clusterBytes } = free
  const together = assembled(
    new PngWalk(),
    {
      clusterBytes,
      first: found.offset,
      isFree: (cluster) => free.has(cluster),
      behind: (cluster) => free.near(cluster),
      sizeBytes: null,
      read: (into, offset) => void volume.readInto(into, offset),
    },
    budget,
  )
  if (together === null) return null
  return { ...found, complete: true, length: together.sizeBytes, runs: runsOf(together, clusterBytes) }
}

function runsOf({ clusters, sizeBytes }: Assembled, clusterBytes: number): ByteRange[] {
  const runs: { offset: number; length: number }[] = []
  for (const [n, offset] of clusters.entries()) {
    const length = Math.min(clusterBytes, sizeBytes - n * clusterBytes)
    const last = runs.at(-1)
    if (last && last.offset + last.length === offset) last.length += length
    else runs.push({ offset, length })
  }
  return runs
}
