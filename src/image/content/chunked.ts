/** A content in zlib streams of one size each, found by a table on the volume. */
import { inflateSync } from 'node:zlib'
import type { ContentPlace } from '../../contracts/content-place.ts'
import type { Medium } from '../../contracts/image.ts'
import { type BlockPlace, blockMedium } from './block-medium.ts'
import { Inflater } from './inflater.ts'
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

/** Buffers that are used again: a disk has millions of chunks, and collecting them costs more than reading them. */
export interface Buffers {
  readonly bytes: number
  /** What it holds is of whatever was there before. */
  take(): Buffer
  giveBack(buffer: Uint8Array): void
}

/**
 * A zlib stream that stands in a container.
 *
 * @param length      bytes that the medium has of the block: fewer than `unitBytes` only at its end
 * @param unitBytes   what a stream may inflate to at most
 * @param buffers     of `unitBytes` and more each: one is taken for what is decoded
 */
export function inflatedAt(
  medium: Medium,
  offset: number,
  storedBytes: number,
  length: number,
  unitBytes: number,
  buffers?: Buffers,
): BlockPlace {
  // zlib adds a few bytes to what it cannot make smaller; longer is a hole in the table.
  if (!(storedBytes > 0 && storedBytes <= unitBytes + (unitBytes >> 3) + 1024))
    return { kind: 'damaged', cause: 'table' }
  const taken = buffers !== undefined && storedBytes <= buffers.bytes ? buffers.take() : null
  const stored = taken ? readInto(taken, medium, offset, storedBytes) : readAt(medium, offset, storedBytes)
  const place: BlockPlace =
    stored.length < storedBytes || medium.damageIn(offset, storedBytes).length > 0
      ? { kind: 'damaged', cause: 'cut' }
      : inflated(stored, length, unitBytes, buffers)
  if (taken) buffers?.giveBack(taken)
  return place
}

function readInto(buffer: Buffer, medium: Medium, offset: number, length: number): Buffer {
  const got = offset < medium.sizeBytes ? medium.readInto(buffer.subarray(0, length), offset) : 0
  return buffer.subarray(0, got)
}

/** An engine keeps a buffer of this size; larger streams are few. */
const QUICK_BYTES_AT_MOST = 1 << 20

/** Null: this Node has none. */
let inflater: Inflater | null | undefined

function inflated(stored: Buffer, length: number, unitBytes: number, buffers?: Buffers): BlockPlace {
  const quick = unitBytes <= QUICK_BYTES_AT_MOST ? quicklyInflated(stored, unitBytes) : null
  if (quick === null) return inflatedOnce(stored, length, unitBytes)
  if (quick.length < length) return { kind: 'damaged', cause: 'inflate' }
  const bytes = (buffers?.take() ?? Buffer.allocUnsafeSlow(quick.length)).subarray(0, quick.length)
  quick.copy(bytes)
  return { kind: 'decoded', bytes }
}

function quicklyInflated(stored: Buffer, unitBytes: number): Buffer | null {
  if (inflater === null) return null
  if (inflater?.unitBytes !== unitBytes) inflater = Inflater.create(unitBytes)
  const bytes = inflater?.inflate(stored) ?? null
  // One that met a stream it did not like is of no use any more.
  if (bytes === null && inflater) inflater = undefined
  return bytes
}

/** The same by the documented call, which says what is wrong with a stream. */
export function inflatedOnce(stored: Buffer, length: number, unitBytes: number): BlockPlace {
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
