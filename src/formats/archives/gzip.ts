/** Extractor for GZIP: one member, with the name from the header, else `content`. */
import type { FileTime } from '../../contracts/entry.ts'
import { piecesOf } from '../bytes/byte-source.ts'
import { type Budget, charged, type Extractor, type Member } from './common/container.ts'
import { inflated, type Pieces } from './common/inflate.ts'

export const gzip: Extractor = {
  id: 'gzip',
  mediaTypes: ['application/gzip'],
  async *members(source, budget) {
    const header = source.read(0, HEADER_BYTES)
    yield memberOf(header, piecesOf(source), budget, (offset) => piecesOf(source, offset))
  },
  async *streamed(pieces, budget) {
    const [head, all] = await headOf(pieces)
    yield memberOf(head, all, budget, null)
  },
}

const HEADER_BYTES = 8192

function memberOf(
  header: Buffer,
  pieces: Pieces,
  budget: Budget,
  from: ((offset: number) => Iterable<Buffer>) | null,
): Member {
  const again = from && (() => from(deflatedAt(header)))
  budget.entry()
  return {
    kind: 'member',
    name: nameOf(header) ?? Buffer.from('content'),
    entryKind: 'file',
    sizeBytes: 0n,
    modified: timeOf(header),
    linkTarget: null,
    read: async () => charged(inflated('gzip', pieces, again, from), budget),
  }
}

/** The first piece, and an iterator over all pieces including the first. */
async function headOf(pieces: AsyncIterable<Buffer>): Promise<[Buffer, AsyncIterable<Buffer>]> {
  const iterator = pieces[Symbol.asyncIterator]()
  const first = await iterator.next()
  const head = first.done ? Buffer.alloc(0) : first.value
  const all = async function* () {
    yield head
    yield* { [Symbol.asyncIterator]: () => iterator }
  }
  return [head, all()]
}

// RFC 1952: flags at 3, mtime at 4, then extra (FEXTRA), name and comment (zero-terminated), CRC-16 of the header (FHCRC).
const FHCRC = 2
const FEXTRA = 4
const FNAME = 8
const FCOMMENT = 16

function deflatedAt(bytes: Buffer): number {
  const flags = bytes[3] ?? 0
  let at = 10 + (flags & FEXTRA && bytes.length > 12 ? 2 + bytes.readUInt16LE(10) : 0)
  for (const text of [FNAME, FCOMMENT]) if (flags & text) at = bytes.indexOf(0, at) + 1
  return at + (flags & FHCRC ? 2 : 0)
}

function nameOf(bytes: Buffer): Buffer | null {
  const flags = bytes[3] ?? 0
  if (!(flags & FNAME)) return null
  const start = 10 + (flags & FEXTRA && bytes.length > 12 ? 2 + bytes.readUInt16LE(10) : 0)
  const end = bytes.indexOf(0, start)
  return end > start && end - start < 4096 ? bytes.subarray(start, end) : null
}

function timeOf(bytes: Buffer): FileTime | null {
  const seconds = bytes.length >= 8 ? bytes.readUInt32LE(4) : 0
  return seconds === 0
    ? null
    : { ns: BigInt(seconds) * 1_000_000_000n, source: 'archive', resolution: 's', zone: 'utc' }
}
