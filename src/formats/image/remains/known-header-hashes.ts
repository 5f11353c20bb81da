/**
 * Finds listed contents in free space by their header hashes: first 512 bytes, then 64 KiB, then the whole content.
 *
 * The first 512 bytes of different files are often equal (one camera's headers), so they alone prove nothing and are
 * never reported.
 * @see IPED, "LED carving" (sepinf-inc/IPED): the same columns
 */
import { createHash } from 'node:crypto'
import type { KnownHeaderHash } from '../../../contracts/hash-set.ts'
import type { ByteRange, Medium } from '../../../contracts/image.ts'
import type { HeaderHashIndex } from '../../../wire/header-hash-index.ts'
import { piecesOfRange } from './range-pieces.ts'

const SHORT_BYTES = 512
const LONG_BYTES = 1 << 16

export interface HeaderHashFound extends ByteRange {
  readonly record: KnownHeaderHash
  /** `whole`: MD5 over all of its length agrees. `first-64k`: the rest is not there, or not in one piece. */
  readonly agreement: 'whole' | 'first-64k'
}

export interface BeginningCounts {
  /** Places tried, those filled with one repeated byte, and those whose first 512 bytes are in the list. */
  starts: number
  constant: number
  shortMatches: number
}

/** Lengths tried in full for one header hash; a list with more of them for one header hash is no list of files. */
const MOST_LENGTHS = 64

/**
 * @param ranges in order
 * @param grid bytes between two possible starts of a content, from the beginning of each range
 */
export function* beginningsIn(
  medium: Medium,
  ranges: Iterable<ByteRange>,
  grid: number,
  known: HeaderHashIndex,
  { fileBytes }: { readonly fileBytes: number },
  counts: BeginningCounts = { starts: 0, constant: 0, shortMatches: 0 },
): IterableIterator<HeaderHashFound> {
  if (known.length === 0) return
  for (const range of ranges) {
    let skipTo = range.offset
    for (const { offset, bytes } of piecesOfRange(medium, range, grid, SHORT_BYTES)) {
      if (offset < skipTo) continue
      counts.starts++
      if (isConstant(bytes)) {
        counts.constant++
        continue
      }
      const records = known.beginningWith(md5Of(bytes))
      if (records.length === 0) continue
      counts.shortMatches++
      const room = Math.min(range.offset + range.length - offset, fileBytes)
      const found = longest(medium, offset, room, records)
      if (!found) continue
      yield found
      if (found.agreement === 'whole') skipTo = offset + found.length
    }
  }
}

function longest(
  medium: Medium,
  offset: number,
  room: number,
  records: readonly KnownHeaderHash[],
): HeaderHashFound | null {
  let best: HeaderHashFound | null = null
  const short = records.filter(({ md5Of64k }) => md5Of64k === null)
  for (const record of wholeOf(medium, offset, room, short))
    best = { offset, length: record.sizeBytes, record, agreement: 'whole' }
  const long = records.filter(({ md5Of64k }) => md5Of64k !== null)
  if (long.length === 0 || room < LONG_BYTES) return best
  const first = Buffer.alloc(LONG_BYTES)
  medium.readInto(first, offset)
  const digest = md5Of(first)
  const agreeing = long.filter(({ md5Of64k }) => md5Of64k && digest.equals(md5Of64k))
  const [some] = agreeing
  if (!some) return best
  for (const record of wholeOf(medium, offset, room, agreeing))
    best = { offset, length: record.sizeBytes, record, agreement: 'whole' }
  return best ?? { offset, length: Math.min(some.sizeBytes, room), record: some, agreement: 'first-64k' }
}

/** Records whose whole MD5 agrees, shortest first: one pass over the bytes for all lengths. */
function* wholeOf(
  medium: Medium,
  offset: number,
  room: number,
  records: readonly KnownHeaderHash[],
): Iterable<KnownHeaderHash> {
  const lengths = [...new Set(records.map(({ sizeBytes }) => sizeBytes))].sort((a, b) => a - b)
  const hash = createHash('md5')
  const piece = Buffer.alloc(LONG_BYTES)
  let done = 0
  for (const length of lengths.slice(0, MOST_LENGTHS)) {
    if (length > room) return
    while (done < length) {
      const wanted = piece.subarray(0, Math.min(piece.length, length - done))
      const got = medium.readInto(wanted, offset + done)
      if (got === 0) return
      hash.update(wanted.subarray(0, got))
      done += got
    }
    const digest = hash.copy().digest()
    yield* records.filter(({ sizeBytes, md5 }) => sizeBytes === length && digest.equals(md5))
  }
}

function md5Of(bytes: Buffer): Buffer {
  return createHash('md5').update(bytes).digest()
}

function isConstant(bytes: Buffer): boolean {
  return bytes.subarray(1).equals(bytes.subarray(0, -1))
}
