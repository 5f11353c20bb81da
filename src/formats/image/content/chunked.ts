/** A content in zlib streams of one size each, found by a table on the volume. */
import type { ContentPlace } from '../../../contracts/content-place.ts'
import type { Medium } from '../../../contracts/image.ts'
import { type BlockPlace, blockMedium } from './block-medium.ts'
import { type Buffers, inflatedBlock } from './inflate-block.ts'
import { PagedTable } from './paged-table.ts'
import { readAt, u64 } from './read-at.ts'
import { Recent } from './recent.ts'

type ChunkedPlace = Extract<ContentPlace, { kind: 'chunked' }>

const CHUNKS_KEPT = 16

/**
 * Chunks without a table entry, or that do not inflate to their length, are damage (`table`, `inflate`, `checksum`,
 * `cut`).
 */
export function chunkedContent(volume: Medium, place: ChunkedPlace, sizeBytes: number): Medium {
  const { unitBytes } = place
  const table = new PagedTable(volume, place.tableOffset, place.chunks + 1, 8)
  const recent = new Recent<number, BlockPlace>(CHUNKS_KEPT)
  return blockMedium(sizeBytes, unitBytes, (index, length) =>
    recent.get(index, () => {
      const [from, to] = [table.entry(index), table.entry(index + 1)]
      if (!from || !to) return { kind: 'damaged', cause: 'table' }
      const offset = u64(from, 0)
      return inflatedAt(volume, offset, u64(to, 0) - offset, length, unitBytes)
    }),
  )
}

/**
 * A zlib stream in a container.
 *
 * @param length bytes of the block in the medium: fewer than `unitBytes` only at its end
 * @param unitBytes most bytes that a stream may inflate to
 * @param buffers buffers of at least `unitBytes`: one is taken for the result
 */
export function inflatedAt(
  medium: Medium,
  offset: number,
  storedBytes: number,
  length: number,
  unitBytes: number,
  buffers?: Buffers,
): BlockPlace {
  // zlib adds a few bytes to incompressible data; a longer size is a fault of the table.
  if (!(storedBytes > 0 && storedBytes <= unitBytes + (unitBytes >> 3) + 1024))
    return { kind: 'damaged', cause: 'table' }
  const taken = buffers !== undefined && storedBytes <= buffers.bytes ? buffers.take() : null
  const stored = taken ? readInto(taken, medium, offset, storedBytes) : readAt(medium, offset, storedBytes)
  const place: BlockPlace =
    stored.length < storedBytes || medium.damageIn(offset, storedBytes).length > 0
      ? { kind: 'damaged', cause: 'cut' }
      : inflatedBlock('zlib', stored, length, unitBytes, buffers)
  if (taken) buffers?.giveBack(taken)
  return place
}

function readInto(buffer: Buffer, medium: Medium, offset: number, length: number): Buffer {
  const got = offset < medium.sizeBytes ? medium.readInto(buffer.subarray(0, length), offset) : 0
  return buffer.subarray(0, got)
}
