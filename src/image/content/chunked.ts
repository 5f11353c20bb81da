/** A content in zlib streams of one size each, found by a table on the volume. */
import { inflateSync } from 'node:zlib'
import type { ContentPlace } from '../../contracts/content-place.ts'
import type { Medium } from '../../contracts/image.ts'
import { type BlockPlace, blockMedium } from './block-medium.ts'
import { PagedTable } from './paged-table.ts'
import { readAt, u64 } from './read-at.ts'
import { Recent } from './recent.ts'

type ChunkedPlace = Extract<ContentPlace, { kind: 'chunked' }>

const CHUNKS_KEPT = 16

/** Chunks that the table does not have, or that do not inflate to their length, are damage (`table`, `inflate`, `checksum`, `cut`). */
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
 * A zlib stream that stands in a container.
 *
 * @param length      bytes that the medium has of the block: fewer than `unitBytes` only at its end
 * @param unitBytes   what a stream may inflate to at most
 */
export function inflatedAt(
  medium: Medium,
  offset: number,
  storedBytes: number,
  length: number,
  unitBytes: number,
): BlockPlace {
  // zlib adds a few bytes to what it cannot make smaller; longer is a hole in the table.
  if (!(storedBytes > 0 && storedBytes <= unitBytes + (unitBytes >> 3) + 1024))
    return { kind: 'damaged', cause: 'table' }
  const stored = readAt(medium, offset, storedBytes)
  if (stored.length < storedBytes || medium.damageIn(offset, storedBytes).length > 0)
    return { kind: 'damaged', cause: 'cut' }
  return inflated(stored, length, unitBytes)
}

export function inflated(stored: Buffer, length: number, unitBytes: number): BlockPlace {
  let bytes: Buffer
  try {
    bytes = inflateSync(stored, { maxOutputLength: unitBytes, chunkSize: Math.max(64, unitBytes) })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // The stream carries its own Adler-32: zlib says so when that is what fails.
    return { kind: 'damaged', cause: error.message === 'incorrect data check' ? 'checksum' : 'inflate' }
  }
  return bytes.length < length ? { kind: 'damaged', cause: 'inflate' } : { kind: 'decoded', bytes }
}
