/**
 * Carves files in free space: at each cluster the carvers are tried, and a file that one walks to its end is skipped.
 *
 * Contents are assumed to be in one piece: for the carver a fragmented file ends where its structure stops making
 * sense.
 */
import type { ByteRange, Medium } from '../../../contracts/image.ts'
import { type CarvedLength, type Carver, HEAD_BYTES } from './common/carver.ts'

export interface CarvedFile extends ByteRange, CarvedLength {
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

/**
 * @param ranges free ranges in order; each begins at a cluster
 * @param grid bytes between two possible starts of a file: the volume's cluster size
 * @param counts updated during the walk
 */
export function* carve(
  volume: Medium,
  ranges: Iterable<ByteRange>,
  grid: number,
  carvers: readonly Carver[],
  { fileBytes }: CarveLimits,
  counts: CarveCounts = { starts: 0, candidates: 0, refused: 0 },
): IterableIterator<CarvedFile> {
  const piece = Buffer.alloc(PIECE_BYTES + HEAD_BYTES)
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
      if (found) yield found
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
